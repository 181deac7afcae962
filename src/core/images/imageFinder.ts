/**
 * @file Finds the image that a cell of an index means. An exact path wins; otherwise the letters' case, percent signs,
 * a missing ending and missing or additional directories may differ.
 */

/** Marks a key that fits two images: only an exact path tells them apart. */
const ambiguous = -2

/**
 * How the paths of an index differ from those of the folder, in all of its rows alike: not at all; they begin with a
 * directory above the folder (`/data/train/cat/1.png` for `cat/1.png`); or they lack the first directories (`1.png` for
 * `part1/1.png`).
 */
export type PathRelation = 'same' | { readonly above: string } | 'shorter'

export class ImageFinder {
  readonly paths: readonly string[]
  readonly #exact: Map<string, number>
  /** One map per number of path components that are compared, from the end; each is made when it is first needed. */
  readonly #tails = new Map<number, Map<string, number>>()

  /** No path may occur twice. */
  constructor(paths: readonly string[]) {
    this.paths = paths
    this.#exact = new Map(paths.map((path, position) => [path, position]))
  }

  /** Position in `paths` of the first candidate that is found, -1 if none is. */
  find(candidates: readonly string[], relation: PathRelation = 'same'): number {
    const related =
      typeof relation === 'string' ? candidates : candidates.map((path) => without(path, relation.above))
    for (const path of related) {
      const position = this.#exact.get(path)
      if (position !== undefined) return position
    }
    for (const path of related) {
      const position = this.#findLoosely(unescaped(path), relation === 'shorter')
      if (position >= 0) return position
    }
    return -1
  }

  /**
   * The directory above the folder that this path begins with: what has to be cut off so that the rest is found. Null
   * if nothing is found however much is cut off.
   */
  above(path: string): string | null {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      if (this.find([path.slice(at + 1)]) >= 0) return path.slice(0, at + 1)
    return null
  }

  /** Ignores the letters' case and a missing ending, unless several images fit then. */
  #findLoosely(path: string, shorter: boolean): number {
    const exact = this.#exact.get(path)
    if (exact !== undefined) return exact
    if (path === '') return -1
    // 0 means that whole paths are compared.
    const tails = this.#tailsOf(shorter ? path.split('/').length : 0)
    return tails.get(path.toLowerCase()) ?? tails.get(stemKey(path.toLowerCase())) ?? -1
  }

  #tailsOf(components: number): Map<string, number> {
    const known = this.#tails.get(components)
    if (known) return known
    const tails = new Map<string, number>()
    const add = (key: string, position: number): void => {
      const other = tails.get(key)
      tails.set(key, other === undefined || other === position ? position : ambiguous)
    }
    for (const [position, path] of this.paths.entries()) {
      const tail = (components === 0 ? path : lastComponents(path, components)).toLowerCase()
      add(tail, position)
      add(stemKey(tail.replace(/\.\w+$/, '')), position)
    }
    this.#tails.set(components, tails)
    return tails
  }
}

/** The key of a path without its ending. The zero byte keeps it apart from the keys of whole paths. */
function stemKey(stem: string): string {
  return `${stem}\0`
}

function lastComponents(path: string, count: number): string {
  let at = path.length
  for (let n = 0; n < count && at > 0; n++) at = path.lastIndexOf('/', at - 1)
  return path.slice(at + 1)
}

function without(path: string, prefix: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length) : path
}

function unescaped(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    // The name itself holds a percent sign.
    return path
  }
}

/** Makes `/` the separator and drops a leading `./` or `/`, which stands for the folder itself. */
export function normalisedPath(text: string): string {
  return text
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
}
