import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AnswerFields } from '../../../lib/simulator'
import { site, visitor, type Agent } from '../../support/site'
import { answer } from './forgeries'

/** What an endpoint answers instead of the truth. */
export type Reply = (res: ServerResponse, params: URLSearchParams, req: IncomingMessage) => void

/** A cloud in the hands of somebody else: whoever owns it, or sits on the wire to it. */
export interface EvilCloud {
  /** What a site needs to use it. */
  readonly credentials: { captchaId: string; privateKey: string; apiServer: string }
  /** Each is honest until it is replaced. */
  register: Reply
  validate: Reply
  /** Every request: path and parameters. */
  readonly requests: { path: string; params: URLSearchParams }[]
  /** The right answer to a challenge, which takes the key that the cloud's owner does not have. */
  answer(challenge: string): AnswerFields
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

const servers: Server[] = []
afterAll(() => servers.forEach((server) => server.close().closeAllConnections()))

export async function evilCloud(changes: Partial<Pick<EvilCloud, 'register' | 'validate'>> = {}): Promise<EvilCloud> {
  const evil: EvilCloud = {
    credentials: { captchaId: 'e'.repeat(32), privateKey: 'k', apiServer: '' },
    requests: [],
    register: (res) => res.end(randomBytes(16).toString('hex')),
    validate: (res, params) => res.end(md5(String(params.get('seccode')))),
    answer: (challenge) => answer(challenge, md5(`kgeetest${challenge}`)),
    ...changes,
  }
  evil.credentials.apiServer = await listen(async (req, res) => {
    const { pathname, searchParams } = new URL(String(req.url), 'http://cloud')
    let form = ''
    for await (const chunk of req) form += String(chunk)
    const params = new URLSearchParams([...searchParams, ...new URLSearchParams(form)])
    evil.requests.push({ path: pathname, params })
    if (pathname === '/register.php') evil.register(res, params, req)
    else if (pathname === '/validate.php') evil.validate(res, params, req)
    else res.writeHead(404).end()
  })
  return evil
}

/** A server on loopback that ends after the tests. @returns its origin */
export async function listen(handler: (req: IncomingMessage, res: ServerResponse) => unknown): Promise<string> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => void handler(req, res))
  servers.push(server)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A visitor of a site with that cloud, and the right answer to what they were issued. */
export async function answered(
  evil: EvilCloud,
): Promise<{ agent: Agent; right: AnswerFields; challenge: string; success: 0 | 1 }> {
  // Long beyond the patience of a test: what ends sooner was ended by a limit other than time.
  const { app } = site({ ...evil.credentials, timeout: 30_000, downtime: 'failback' })
  const agent = visitor(app)
  const { body } = await agent.get('/getcaptcha').expect(200)
  return { agent, right: evil.answer(body.challenge), challenge: body.challenge, success: body.success }
}
