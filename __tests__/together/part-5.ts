import { runPart } from './together'

runPart(5)
