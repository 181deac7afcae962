/**
 * @file Groups layers by the paths in their names: modules of PyTorch (`layer1.0.conv1`), nested models of Keras and
 * scopes of TensorFlow (`backbone/block_3/expand`). The order of the layers stays, so a block whose layers do not lie
 * side by side is several groups.
 */

/** The layers `first` … `end`, without `end`, whose names all begin with `path`. */
export interface LayerGroup {
  /** Different for each group of a network. */
  readonly key: string
  /** Without the point or slash behind it. */
  readonly path: string
  /** The number of groups around it. */
  readonly depth: number
  /** The length of the path of the innermost one, with the point or slash behind it. */
  readonly pathLength: number
  readonly first: number
  readonly end: number
}

export interface GroupRow {
  readonly kind: 'group'
  readonly group: LayerGroup
  readonly isOpen: boolean
}

export interface LayerRow {
  readonly kind: 'layer'
  readonly index: number
  /** The number of groups around it. */
  readonly depth: number
  /** The length of the path of the innermost one, with the point or slash behind it. */
  readonly pathLength: number
}

/** The lengths of the paths around a layer: `layer1.0.conv1` has 6 (`layer1`) and 8 (`layer1.0`). */
function pathLengths(name: string): number[] {
  // What is in parentheses is a step within a layer; a point or slash at the beginning ends no path.
  const own = name.replace(/ \(.*\)$/, '')
  return Array.from(own.matchAll(/(?<=.)[./](?=.)/g), ({ index }) => index)
}

/** The groups of at least two layers; those around come before those within. */
export function groupLayers(names: readonly string[]): readonly LayerGroup[] {
  const lengths = names.map(pathLengths)
  const groups: LayerGroup[] = []
  const pathAt = (layer: number, level: number): string | null => {
    const length = lengths[layer]![level]
    return length === undefined ? null : names[layer]!.slice(0, length)
  }
  const isShared = (first: number, end: number, level: number): boolean => {
    const path = pathAt(first, level)
    return path !== null && lengths.slice(first, end).every((_, i) => pathAt(first + i, level) === path)
  }
  const divide = (first: number, end: number, level: number, depth: number, pathLength: number): void => {
    for (let from = first, to; from < end; from = to) {
      const path = pathAt(from, level)
      to = from + 1
      if (path === null) continue
      while (to < end && pathAt(to, level) === path) to++
      if (to - from < 2) continue
      // A group of the same layers as the one around it would say nothing.
      let inner = level
      while (isShared(from, to, inner + 1)) inner++
      const own = pathAt(from, inner)!
      const isAll = to - from === names.length
      if (isAll) {
        divide(from, to, inner + 1, depth, pathLength)
        continue
      }
      groups.push({ key: `${own} ${from}`, path: own, depth, pathLength, first: from, end: to })
      divide(from, to, inner + 1, depth + 1, own.length + 1)
    }
  }
  divide(0, names.length, 0, 0, 0)
  return groups
}

/** Lists of up to this many layers are all open at first. */
const fewLayers = 60

/**
 * The groups that are closed at first: blocks of long lists, but not those around `shown`. A group of more than half of
 * the layers stays open, as without it there would be no list.
 */
export function closedAtFirst(
  groups: readonly LayerGroup[],
  layers: number,
  shown: number,
): ReadonlySet<string> {
  if (layers <= fewLayers) return new Set()
  const blocks = groups.filter(
    ({ first, end }) => end - first <= layers / 2 && !(first <= shown && shown < end),
  )
  return new Set(blocks.map(({ key }) => key))
}

/** The rows of the list if the groups with these keys are closed. */
export function rowsOf(
  layers: number,
  groups: readonly LayerGroup[],
  closed: ReadonlySet<string>,
): readonly (GroupRow | LayerRow)[] {
  const rows: (GroupRow | LayerRow)[] = []
  const around: LayerGroup[] = []
  let next = 0
  for (let index = 0; index < layers; index++) {
    while (around.length > 0 && around.at(-1)!.end <= index) around.pop()
    let isHidden = false
    for (; groups[next]?.first === index && !isHidden; next++) {
      const group = groups[next]!
      isHidden = closed.has(group.key)
      rows.push({ kind: 'group', group, isOpen: !isHidden })
      if (isHidden) index = group.end - 1
      else around.push(group)
    }
    if (isHidden) {
      while (next < groups.length && groups[next]!.first <= index) next++
      continue
    }
    const inner = around.at(-1)
    rows.push({ kind: 'layer', index, depth: around.length, pathLength: inner ? inner.path.length + 1 : 0 })
  }
  return rows
}
