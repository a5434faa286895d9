import { runPart } from './together'

runPart(7)
