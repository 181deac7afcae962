/** @file Takes paths with the separator `/` apart, and makes those of archives fit to be shown and joined. */

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The path's directory, without a `/` at the end; empty for a file at the top. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/**
 * The path with a picture in place of each control character: `␀` for NUL, by which paths are joined, `␊` for the end of a line.
 * Archives that are damaged, or made to deceive, hold such names.
 */
export function withoutControls(path: string): string {
  return path.replaceAll(/\p{Cc}/gu, (control) => {
    const code = control.codePointAt(0)!
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    return code === 0x7f ? '\u2421' : '\uFFFD'
  })
}
