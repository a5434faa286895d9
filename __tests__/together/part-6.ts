import { runPart } from './together'

runPart(6)
