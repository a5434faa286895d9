// A cloud over https at the far end of a slow line, in a process of its own: each direction takes 30 ms.
const { readFileSync } = require('node:fs')
const { createServer } = require('node:https')
const { connect, createServer: createLine } = require('node:net')
const { join } = require('node:path')

const tls = join(__dirname, '../../support/tls')
const read = (name) => readFileSync(join(tls, name), 'utf8')

const cloud = createServer({ key: read('key.pem'), cert: read('certificate.pem') }, (_req, res) =>
  res.end('f'.repeat(32)),
)

/** Hands on what comes, so much later and in its order. */
function handOn(from, to) {
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), 30))
  from.on('end', () => setTimeout(() => to.end(), 30))
  from.on('error', () => to.destroy())
}

cloud.listen(0, '127.0.0.1', () => {
  const line = createLine((near) => {
    const far = connect(cloud.address().port, '127.0.0.1')
    handOn(near, far)
    handOn(far, near)
  })
  line.listen(0, '127.0.0.1', () => process.send(`https://127.0.0.1:${line.address().port}`))
})
process.on('disconnect', () => process.exit())
