/** @file Which kept scans belong together: layers of one model, over one list of images, with the same settings. */
import { sameGroups, type Selection } from '../../core/images/selection.ts'
import type { CheckpointHead } from './checkpointStore.ts'
import { sameSettings } from '../../core/preprocessing/preprocessing.ts'

type Fitting = Pick<CheckpointHead, 'model' | 'images' | 'preprocessing' | 'selection' | 'backend'>

/**
 * A key that is equal if results may stand side by side. It has the backend too: another one has other last digits.
 */
export function togetherKey({ model, images, preprocessing, selection, backend }: Fitting): string {
  const settings = Object.entries(preprocessing)
    .map(([name, value]) => `${name}=${String(value)}`)
    .toSorted()
  const { classes, splits } = selection
  return JSON.stringify([model.sha256, model.inputShape, images.digest, settings, classes, splits, backend])
}

/** Whether a later record has all layers of an earlier one, over at least as many images. */
export function supersededBy(earlier: CheckpointHead, later: CheckpointHead): boolean {
  return (
    earlier.id !== later.id &&
    earlier.time <= later.time &&
    earlier.done <= later.done &&
    earlier.layers.every((layer) => later.layers.includes(layer)) &&
    togetherKey(earlier) === togetherKey(later)
  )
}

export function sameChoice(a: Selection, b: Selection): boolean {
  return sameGroups(a, b) && JSON.stringify([a.sample, a.shard]) === JSON.stringify([b.sample, b.shard])
}

/** Names the settings that resuming would change. */
export function changedSettings(
  { preprocessing, k, selection }: Pick<CheckpointHead, 'preprocessing' | 'k' | 'selection'>,
  head: CheckpointHead,
): string[] {
  return [
    ...(sameSettings(preprocessing, head.preprocessing) ? [] : ['preprocessing']),
    ...(k === head.k ? [] : ['patches per channel']),
    ...(sameChoice(selection, head.selection) ? [] : ['choice of images']),
  ]
}
