import { describeIn } from './support/run'
import { chromium } from './support/chromium'

describeIn(chromium)
