import { createSimulator, type Simulator } from '../../../lib/simulator'
import { startDemo, type Demo } from '../../browser/support/demo'
import { startFormSite, type FormSite } from '../../browser/support/form-site'

/** The sites that journeys lead to. */
export interface World {
  /** The demo while the cloud answers, and while it does not. */
  readonly online: string
  readonly outage: string
  /** Pages of one's own under a Content-Security-Policy without inline code. */
  readonly forms: FormSite
  stop(): Promise<void>
}

export async function startWorld(): Promise<World> {
  const clouds = [createSimulator(), createSimulator()] as const
  await Promise.all(clouds.map((cloud) => cloud.start()))
  await clouds[1].fault('refuse')
  const [online, outage, forms] = await Promise.all([demoOf(clouds[0]), demoOf(clouds[1]), startFormSite()])
  return {
    online: online.url,
    outage: outage.url,
    forms,
    stop: async () => {
      await Promise.all([online.stop(), outage.stop(), forms.stop()])
      await Promise.all(clouds.map((cloud) => cloud.stop()))
    },
  }
}

function demoOf({ captchaId, privateKey, url }: Simulator): Promise<Demo> {
  const account = (prefix: string) => ({
    [`${prefix}_ID`]: captchaId,
    [`${prefix}_KEY`]: privateKey,
    [`${prefix}_API_SERVER`]: url,
  })
  return startDemo({ ...account('GEETEST'), ...account('GEETEST4') })
}
