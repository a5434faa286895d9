import type { Plugin } from 'esbuild'

export const unrolled: (source: string) => string
export const unroll: Plugin
