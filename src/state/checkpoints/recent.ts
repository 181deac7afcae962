/** @file Kept scans, grouped by what belongs together. */
import type { CheckpointHead } from './checkpointStore.ts'
import { togetherKey } from './sameScan.ts'

/** Layers of one model over one list of images, with the same settings. */
export interface Recent {
  readonly key: string
  /** Newest first. */
  readonly heads: readonly CheckpointHead[]
  readonly layers: readonly string[]
  readonly bytes: number
}

const groupsOf = new WeakMap<readonly CheckpointHead[], readonly Recent[]>()

/** The groups, newest first. The list stays the same object as long as nothing changes. */
export function recentOf({ kept }: { readonly kept: readonly CheckpointHead[] }): readonly Recent[] {
  let known = groupsOf.get(kept)
  if (!known) groupsOf.set(kept, (known = grouped(kept)))
  return known
}

function grouped(kept: readonly CheckpointHead[]): Recent[] {
  const groups = new Map<string, CheckpointHead[]>()
  for (const head of kept) {
    const key = togetherKey(head)
    groups.set(key, [...(groups.get(key) ?? []), head])
  }
  return [...groups].map(([key, heads]) => ({
    key,
    heads,
    layers: [...new Set(heads.flatMap(({ layers }) => layers))],
    bytes: heads.reduce((sum, { bytes }) => sum + bytes, 0),
  }))
}

/** A name of the scan for a sentence. */
export function nameOf({ model, images, layers }: CheckpointHead): string {
  return `${model.name} with ${images.name} (${layers.length === 1 ? layers[0]! : `${layers.length} layers`})`
}
