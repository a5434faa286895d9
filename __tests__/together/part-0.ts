import { runPart } from './together'

runPart(0)
