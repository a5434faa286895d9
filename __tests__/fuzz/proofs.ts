import { md5 } from '../../lib/digest'
import { solvesSlide } from '../../lib/downtime/slide'
import type { Simulator } from '../../lib/simulator'
import { isWorked } from '../support/work'
import type { Setup } from './batch'
import { FIELDS } from './case'
import { FalsePass, type Issued } from './issued'
import type { Fields } from './right'
import { downtimeOf, type Version } from './scenes'

type Check = (ticket: Issued, posted: Fields) => void

/** Whether what was posted is the solution of what was given out. What they return throws FalsePass where it is not. */
export function checking(simulator: Simulator, setup: Setup): Record<Version, Check> {
  function checkWork({ scene }: Issued, challenge: string, validate: string): void {
    if (!isSolvedOffline(downtimeOf(setup, scene), challenge, validate))
      throw new FalsePass(`${challenge} was not solved by ${validate}`)
  }

  function isSolvedOffline(downtime: Setup['downtime'], challenge: string, validate: string): boolean {
    if (downtime === 'light') return isWorked(challenge, validate)
    if (downtime === 'deny') return false
    return setup.newCaptcha ? md5(challenge) === validate : solvesSlide(challenge, validate, 'widget')
  }

  function checkRegistered({ challenge }: Issued, posted: string, validate: string): void {
    const event = simulator.events.find((one) => one.challenge === challenge)
    if (event?.solved === undefined) throw new FalsePass(`the ledger does not know ${challenge} as solved`)
    if (!event.redeemed) throw new FalsePass(`the ledger has not redeemed ${challenge}`)
    if (event.solved.challenge !== posted || event.solved.validate !== validate)
      throw new FalsePass(`the ledger knows another answer to ${challenge}`)
  }

  function checkLot({ challenge }: Issued, posted: Fields): void {
    // Only those that are young enough are among them.
    const lot = simulator.lots.find((one) => one.lotNumber === challenge)
    if (lot?.solved === undefined) throw new FalsePass(`the ledger does not know lot ${challenge} as solved`)
    if (!lot.redeemed) throw new FalsePass(`the ledger has not redeemed lot ${challenge}`)
    const { solved } = lot
    if (FIELDS[4].some((name) => name !== 'captcha_id' && posted[name] !== solved[name]))
      throw new FalsePass(`the ledger knows another answer to lot ${challenge}`)
  }

  return {
    3(ticket, posted) {
      const [challenge, validate] = texts(posted, FIELDS[3])
      if (!challenge.startsWith(ticket.challenge) || challenge.length > ticket.challenge.length + 2)
        throw new FalsePass(`${challenge} is not ${ticket.challenge}`)
      if (ticket.online) checkRegistered(ticket, challenge, validate)
      else checkWork(ticket, challenge, validate)
    },
    4(ticket, posted) {
      const [lot, output, token, , id] = texts({ captcha_id: ticket.captchaId, ...posted }, FIELDS[4])
      if (lot !== ticket.challenge.slice(0, 32)) throw new FalsePass(`${lot} is not ${ticket.challenge}`)
      if (id.toLowerCase() !== ticket.captchaId) throw new FalsePass(`${lot} was sent with the captcha id ${id}`)
      if (ticket.online) return checkLot(ticket, posted)
      if (token !== ticket.challenge) throw new FalsePass(`${token} is not ${ticket.challenge}`)
      checkWork(ticket, token, output)
    },
  }
}

function texts<const Names extends readonly string[]>(posted: Fields, names: Names): { [K in keyof Names]: string } {
  const values = names.map((name) => posted[name])
  if (!values.every((value) => typeof value === 'string'))
    throw new FalsePass(`not every one of ${names.join()} is a text`)
  return values as { [K in keyof Names]: string }
}
