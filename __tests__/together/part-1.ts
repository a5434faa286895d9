import { runPart } from './together'

runPart(1)
