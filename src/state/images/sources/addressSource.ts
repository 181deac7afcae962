/** @file Pictures on the app's own host, whose paths are known. */
import type { ImageSource } from '../imageSource.ts'

/** `paths` are relative to `base`. */
export function addressSource(name: string, paths: readonly string[], base: URL): ImageSource {
  return {
    name,
    async *list() {
      yield [...new Set(paths)]
    },
    open: (path) => new URL(path.split('/').map(encodeURIComponent).join('/'), base).href,
  }
}
