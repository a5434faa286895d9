import { isReason } from '../../lib/errors'
import type { Version } from './scenes'

/** What happened in a run. */
export class Tally {
  cases = 0
  own5xx = 0
  falsePasses = 0
  crashes = 0
  readonly passes = { online: 0, downtime: 0, pass: 0 }
  /** Those among them that answers of version 4 earned, or their passes. */
  readonly ofVersion4 = { online: 0, downtime: 0, pass: 0 }
  /** Half outages that a site had to notice, and right answers that it put off because the cloud had too many calls. */
  noticed = 0
  putOff = 0
  /** Connections to Redis that were cut. */
  cuts = 0
  readonly denials = new Map<string, number>()

  passed(by: keyof Tally['passes'], version: Version): void {
    this.passes[by] += 1
    if (version === 4) this.ofVersion4[by] += 1
  }

  /** @param code `fail` where the answer does not name one; what is no code of the captcha's does not count */
  denied(code: string): void {
    if (code === 'fail' || isReason(code)) this.denials.set(code, (this.denials.get(code) ?? 0) + 1)
  }

  get allPasses(): number {
    return this.passes.online + this.passes.downtime + this.passes.pass
  }

  summary(seconds: number): string {
    const { online, downtime, pass } = this.passes
    const denials = [...this.denials].toSorted(([, a], [, b]) => b - a).map(([code, number]) => `${code} ${number}`)
    return (
      `${this.cases} cases in ${Math.round(seconds)} s; passes ${this.allPasses} (by the cloud ${online}, by work ${downtime}, ` +
      `by a pass ${pass}; of version 4 ${Object.values(this.ofVersion4).join(', ')}); denials ${denials.join(', ')}; half outages noticed ${this.noticed}, put off ${this.putOff}, connections cut ${this.cuts}; crashes ${this.crashes}, own 5xx ${this.own5xx}, ` +
      `false passes ${this.falsePasses}`
    )
  }
}
