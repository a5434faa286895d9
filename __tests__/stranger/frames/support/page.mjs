// A page of the documents, on a site that its form can log in to.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { site } from './site.mjs'

/** The address of a site with this page at `/`, whose captcha has these options too. */
export async function serve(html = readFileSync(process.env.BLOCK, 'utf8'), options = {}) {
  const { app, captcha } = site(options)
  app.get('/', (req, res) => {
    // A whole page, or a part of one.
    const whole = html.startsWith('<!doctype') ? html : `<!doctype html><html lang="en"><title>Login</title>${html}`
    res.send(`${whole}<link rel="icon" href="data:,">`)
  })
  app.post('/login', captcha.validate(), (req, res) => res.send('Welcome'))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${server.address().port}/`
}

/** A block of the document that the frame's own block is from. */
export function other(name) {
  const text = readFileSync(process.env.DOCUMENT, 'utf8')
  return new RegExp('```\\w+ ' + name + '\\n([\\s\\S]*?)```').exec(text)[1]
}
