/** @file Parts of a path whose separator is `/`. */

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Without its `/`; empty at the top. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
