import { readFileSync, writeFileSync } from 'node:fs'
import { compileScript, parse } from '@vue/compiler-sfc'
import { serve } from './support/bundle.mjs'
import { logIn, visit } from './support/browser.mjs'
import { done } from './support/cloud.mjs'

const { descriptor } = parse(readFileSync(process.env.BLOCK, 'utf8'))
writeFileSync('component.js', compileScript(descriptor, { id: 'login', inlineTemplate: true }).content)
const address = await serve(`
  import { createApp } from 'vue'
  import LoginForm from './component.js'
  createApp(LoginForm).mount('#root')`)
await logIn(await visit(address))
done()
