import { describeIn } from './support/run'
import { webkit } from './support/webkit'

describeIn(webkit)
