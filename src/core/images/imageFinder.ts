/** @file Finds the image that a cell of an index means: exactly, or else by what is usually written differently. */

/** Two images that only an exact path tells apart. */
const ambiguous = -2

/**
 * How the paths of an index lie to those of the folder, for all of its rows alike: the same; longer by a directory
 * above the folder (`/data/train/cat/1.png` for `cat/1.png`); or shorter (`1.png` for `part1/1.png`).
 */
export type PathRelation = 'same' | { readonly above: string } | 'shorter'

export class ImageFinder {
  readonly paths: readonly string[]
  readonly #exact: Map<string, number>
  /** By number of trailing directories and name; made when they are needed. */
  readonly #tails = new Map<number, Map<string, number>>()

  /** The paths differ. */
  constructor(paths: readonly string[]) {
    this.paths = paths
    this.#exact = new Map(paths.map((path, place) => [path, place]))
  }

  /** Place of the first of these paths that is there, -1 for none. */
  find(candidates: readonly string[], relation: PathRelation = 'same'): number {
    const related =
      typeof relation === 'string' ? candidates : candidates.map((path) => without(path, relation.above))
    for (const path of related) {
      const place = this.#exact.get(path)
      if (place !== undefined) return place
    }
    for (const path of related) {
      const place = this.#findLoosely(unescaped(path), relation === 'shorter')
      if (place >= 0) return place
    }
    return -1
  }

  /** The directory above the folder that this path begins with; null where no shorter path is there. */
  above(path: string): string | null {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      if (this.find([path.slice(at + 1)]) >= 0) return path.slice(0, at + 1)
    return null
  }

  /** Letters' case, and an ending that is missing, where that is not ambiguous. */
  #findLoosely(path: string, shorter: boolean): number {
    const exact = this.#exact.get(path)
    if (exact !== undefined) return exact
    if (path === '') return -1
    // 0 stands for whole paths.
    const tails = this.#tailsOf(shorter ? path.split('/').length : 0)
    return tails.get(path.toLowerCase()) ?? tails.get(stemKey(path.toLowerCase())) ?? -1
  }

  #tailsOf(components: number): Map<string, number> {
    const known = this.#tails.get(components)
    if (known) return known
    const tails = new Map<string, number>()
    const add = (key: string, place: number): void => {
      const other = tails.get(key)
      tails.set(key, other === undefined || other === place ? place : ambiguous)
    }
    for (const [place, path] of this.paths.entries()) {
      const tail = (components === 0 ? path : lastComponents(path, components)).toLowerCase()
      add(tail, place)
      add(stemKey(tail.replace(/\.\w+$/, '')), place)
    }
    this.#tails.set(components, tails)
    return tails
  }
}

/** A key that is no path: names without ending are apart from names. */
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
    // A name with a percent sign.
    return path
  }
}

/** With `/`, without what stands for the folder itself. */
export function normalisedPath(text: string): string {
  return text
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
}
