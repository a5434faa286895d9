import { describeIn } from './support/run'
import { qtwebkit } from './support/qtwebkit'

describeIn(qtwebkit)
