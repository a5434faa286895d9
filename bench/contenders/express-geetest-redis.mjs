// This package, with its tickets in Redis; the sessions stay where those of all contenders are.
import { require } from '../site.mjs'
import { open as openOurs } from './express-geetest.mjs'

export async function open({ apiServer, redisUrl }) {
  const { createClient } = require('redis')
  const { RedisStore } = require('express-geetest/redis')
  const client = createClient({ url: redisUrl, disableOfflineQueue: true })
  client.on('error', (error) => console.error(error))
  await client.connect()
  return openOurs({ apiServer, options: { store: new RedisStore(client) } })
}
