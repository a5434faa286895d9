// This package with version 4.
import { open as openOurs } from './express-geetest.mjs'

export const open = (site) => openOurs({ ...site, options: { version: 4 } })
