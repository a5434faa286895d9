import { runPart } from './together'

runPart(3)
