/** How fields become a body: the two right ways, and others. */
export const wraps = [
  'form',
  'json',
  'multipart',
  'brackets',
  'twice',
  'nested',
  'array',
  'prototype',
  'extra',
  'huge',
  'query',
  'json as form',
  'form as json',
  'utf-16',
  'no type',
] as const
export type Wrap = (typeof wraps)[number]

export interface Wrapped {
  readonly type?: string
  readonly body: string | Buffer
  readonly query?: string
}

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'

/** Through bytes, because a lone surrogate is no text for a URL: it travels as the replacement character. */
const encode = (value: unknown): string => encodeURIComponent(Buffer.from(text(value)).toString())

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

const form = (fields: object, name = (key: string) => key): string =>
  Object.entries(fields)
    .map(([key, value]) => `${name(key)}=${encode(value)}`)
    .join('&')

function multipart(fields: object): string {
  const parts = Object.entries(fields).map(
    ([key, value]) => `--x\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${text(value)}\r\n`,
  )
  return `${parts.join('')}--x--\r\n`
}

const ways: Record<Wrap, (fields: object) => Wrapped> = {
  form: (fields) => ({ type: FORM, body: form(fields) }),
  json: (fields) => ({ type: JSON_TYPE, body: JSON.stringify(fields) }),
  multipart: (fields) => ({ type: 'multipart/form-data; boundary=x', body: multipart(fields) }),
  brackets: (fields) => ({ type: FORM, body: form(fields, (key) => `${key}[]`) }),
  twice: (fields) => ({ type: FORM, body: `${form(fields)}&${form(fields)}` }),
  nested: (fields) => ({ type: JSON_TYPE, body: JSON.stringify({ body: fields, geetest: fields }) }),
  array: (fields) => ({ type: JSON_TYPE, body: JSON.stringify([fields]) }),
  prototype: (fields) => ({ type: JSON_TYPE, body: `{"__proto__":${JSON.stringify(fields)}}` }),
  extra: (fields) => ({
    type: JSON_TYPE,
    body: JSON.stringify({
      ...fields,
      gt_server_status: 0,
      offline: true,
      mode: 'allow',
      hasOwnProperty: 1,
      length: 3,
    }),
  }),
  huge: (fields) => ({ type: FORM, body: `${form(fields)}&filler=${'x'.repeat(150_000)}` }),
  query: (fields) => ({ body: '', query: form(fields) }),
  'json as form': (fields) => ({ type: FORM, body: JSON.stringify(fields) }),
  'form as json': (fields) => ({ type: JSON_TYPE, body: form(fields) }),
  'utf-16': (fields) => ({
    type: `${JSON_TYPE}; charset=utf-16`,
    body: Buffer.from(`\ufeff${JSON.stringify(fields)}`, 'utf16le'),
  }),
  'no type': (fields) => ({ body: form(fields) }),
}

export const wrap = (way: Wrap, fields: object): Wrapped => ways[way](fields)
