import { runPart } from './together'

runPart(4)
