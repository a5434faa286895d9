// Visitors who post 95 kB of JSON over and over, in a process of their own. Tells each time so many of them were answered.
const { Agent, request } = require('node:http')

const [port, connections] = process.argv.slice(2).map(Number)
const EACH = 100
const body = JSON.stringify({ geetest_challenge: 'x', filler: Array.from({ length: 24_400 }, (_, i) => i % 1000) })
const agent = new Agent({ keepAlive: true, maxSockets: connections })
const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }
let answered = 0

function post() {
  const req = request({ agent, port, host: '127.0.0.1', method: 'POST', path: '/login', headers }, (res) => {
    res.resume().once('close', () => {
      if (++answered % EACH === 0 && process.connected) process.send(answered)
      post()
    })
  })
  req.once('error', () => setImmediate(post)).end(body)
}

process.on('disconnect', () => process.exit())
for (let i = 0; i < connections; i++) post()
