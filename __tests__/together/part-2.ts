import { runPart } from './together'

runPart(2)
