/** @file Several sources side by side, each in a folder of its name; loose files lie at the top. */
import type { ImageSource } from '../imageSource.ts'
import { freePath } from './fileListSource.ts'

export function joinedSource(
  name: string,
  folders: readonly ImageSource[],
  loose: ImageSource | null,
): ImageSource {
  const byName = new Map<string, ImageSource>()
  for (const source of folders) byName.set(freePath(source.name, byName), source)
  return {
    name,
    async *list(signal, onFound) {
      let before = 0
      const parts = [...(loose ? ([['', loose]] as const) : []), ...byName]
      for (const [folder, source] of parts) {
        const prefix = folder === '' ? '' : `${folder}/`
        const start = before
        for await (const paths of source.list(signal, (count, latest) =>
          onFound?.(start + count, prefix + latest),
        )) {
          before += paths.length
          yield paths.map((path) => prefix + path)
        }
      }
    },
    open(path) {
      const at = path.indexOf('/')
      const source = at < 0 ? null : byName.get(path.slice(0, at))
      return source ? source.open(path.slice(at + 1)) : loose!.open(path)
    },
    leftOut: () =>
      [...byName].flatMap(
        ([folder, source]) =>
          source.leftOut?.().map(({ path, why }) => ({ path: `${folder}/${path}`, why })) ?? [],
      ),
  }
}
