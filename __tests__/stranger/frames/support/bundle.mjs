// What a bundler makes of a component, on a page of its own behind a guarded login.
import { once } from 'node:events'
import { build } from 'esbuild'
import { site } from './site.mjs'

/** Serves `entry` in a page; gives its address. */
export async function serve(entry) {
  const bundled = await build({
    stdin: { contents: entry, resolveDir: process.cwd(), loader: 'jsx' },
    bundle: true,
    write: false,
    jsx: 'automatic',
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
  })
  const { app, captcha } = site()
  app.get('/', (req, res) =>
    res.send(`<!doctype html><html lang="en"><title>Login</title><link rel="icon" href="data:,"><div id="root"></div>
<script src="/geetest-form.js"></script><script src="/bundle.js"></script>`),
  )
  app.get('/bundle.js', (req, res) => res.type('js').send(bundled.outputFiles[0].text))
  app.post('/login', captcha.validate(), (req, res) => res.send('in'))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${server.address().port}/`
}
