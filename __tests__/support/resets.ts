import { deriveChallenge } from '../../lib/digest'
import type { AnswerFields, Simulator } from '../../lib/simulator'

/** A challenge of the cloud's own making, as `reset.php` gives one: no site has registered it, and all that anybody sees of it is its signature. */
export async function unregistered(simulator: Simulator): Promise<string> {
  const reply = await fetch(`${simulator.url}/register.php?gt=${simulator.captchaId}&json_format=1`)
  const { challenge } = (await reply.json()) as { challenge: string }
  return deriveChallenge(challenge, simulator.privateKey, 'md5')
}

/** What a page hands over whose widget was reset and solved again. */
export async function solveAgain(simulator: Simulator, slide = false): Promise<AnswerFields> {
  return simulator.answer(await unregistered(simulator), { slide })
}
