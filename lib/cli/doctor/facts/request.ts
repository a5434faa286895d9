import { request as overHttp, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { request as overHttps } from 'node:https'
import type { World } from '../../world'
import { reasonOf } from './in-time'

export interface Page {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Milliseconds until all of it was there. */
  readonly ms: number
}

/** What came back, or why nothing did. */
export type Reply = Page | { readonly failed: string }

export interface Question {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The largest page that is asked for is `gt.js`, with some 20 kB. */
const MOST_BYTES = 1 << 20

type Parts = Pick<World, 'lookup' | 'ca' | 'patience' | 'now'>

/** One request, as it stands: no redirects, no proxy, bounded in time and size. Never rejects. */
export function ask(url: string, { lookup, ca, patience, now }: Parts, question: Question = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = question
  const signal = AbortSignal.timeout(patience)
  const options = { method, headers, lookup, signal, agent: false, ...(ca !== undefined && { ca }) } as RequestOptions
  const begun = now()
  const reply = new Promise<Page>((resolve, reject) => {
    const send = url.startsWith('https:') ? overHttps : overHttp
    const sent = send(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('error', reject)
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > MOST_BYTES) response.destroy(new Error(`more than ${MOST_BYTES} bytes`))
      })
      response.on('end', () => {
        const { statusCode = 0, headers } = response
        resolve({ status: statusCode, headers, body: text, ms: now() - begun })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
  return reply.catch((error: unknown) => ({
    failed: signal.aborted ? `no answer within ${patience} ms` : reasonOf(error),
  }))
}

/** The object of JSON that a page is, if it is one. */
export function objectIn(reply: Reply | undefined): Readonly<Record<string, unknown>> | undefined {
  if (!isPage(reply)) return undefined
  try {
    const value: unknown = JSON.parse(reply.body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export const isPage = (reply: Reply | undefined): reply is Page => reply !== undefined && 'status' in reply
