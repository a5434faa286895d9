declare module 'blueimp-md5' {
  /** @returns 32 lower-case hexadecimal digits */
  export default function md5(text: string): string
}
