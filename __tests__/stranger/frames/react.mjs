import { serve } from './support/bundle.mjs'
import { logIn, visit } from './support/browser.mjs'
import { done } from './support/cloud.mjs'

const address = await serve(`
  import { createRoot } from 'react-dom/client'
  import { LoginForm } from './block.jsx'
  createRoot(document.getElementById('root')).render(<LoginForm />)`)
await logIn(await visit(address))
done()
