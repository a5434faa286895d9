import { describeIn } from './support/run'
import { firefox } from './support/firefox'

describeIn(firefox)
