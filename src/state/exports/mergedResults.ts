/** @file The results file where layers of an opened one stand beside those that were scanned since. */
import type { AppState } from '../appState.ts'
import type { OpenResults } from '../results/openResults.ts'
import { besideOf } from '../selectors/shown.ts'

/** What one file can say of both: the same number of patches, the same classes and splits. */
export interface Beside {
  readonly recorded: OpenResults
  /** Layers that were not scanned anew; none where one file cannot say both. */
  readonly layers: OpenResults['layers']
  /** Their names, where they have to be left out. */
  readonly leftOut: readonly string[]
}

/** Null where there are none. */
export function besideScan(state: AppState): Beside | null {
  const recorded = besideOf(state)
  const layers = recorded?.layers.filter(({ name }) => !state.results.has(name)) ?? []
  if (!recorded || layers.length === 0) return null
  const { k, selection } = state
  const { classes, splits } = recorded.images.selection
  const fits =
    k === recorded.k &&
    String(selection.classes) === String(classes) &&
    String(selection.splits) === String(splits)
  return { recorded, layers: fits ? layers : [], leftOut: fits ? [] : layers.map(({ name }) => name) }
}

/** Their records, cut from the file as they are. By layer name. */
export function recordsOf({ recorded, layers }: Beside): ReadonlyMap<string, Blob> {
  return new Map(layers.map(({ name, range: [start, end] }) => [name, recorded.file.slice(start, end)]))
}

interface Head {
  readonly images: Pick<OpenResults['images'], 'scanned' | 'skipped'>
}

/** `head`: of the layers that were scanned, open at its end for them. What nobody here knows of the file stays. */
export function mergedHead(head: string, { recorded }: Beside): string {
  const now = JSON.parse(`${head}]}`) as Head
  const before = recorded.head as unknown as Head
  const skipped = new Map([...before.images.skipped, ...now.images.skipped].map((one) => [one.path, one]))
  const images = {
    ...before.images,
    ...now.images,
    scanned: Math.max(before.images.scanned, now.images.scanned),
    skipped: [...skipped.values()],
  }
  // No layers are in it yet: they come behind all other keys.
  const others: Record<string, unknown> = { ...before, ...now, images }
  delete others['layers']
  return `${JSON.stringify(others).slice(0, -1)},"layers":[`
}
