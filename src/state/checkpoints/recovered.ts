/** @file Makes results again from a kept record, for the model and images that are open. */
import { ImageMask } from '../../core/scan/imageMask.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import type { Checkpoint, CheckpointHead } from './checkpointStore.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { keepLosses } from '../reasons/keptLosses.ts'
import { emptyResults } from '../scan/scanPlan.ts'
import type { Coverage } from '../scan/coverage.ts'

export interface Recovered {
  readonly results: ReadonlyMap<string, LayerResult>
  readonly coverage: Coverage
  readonly skipped: ReadonlyMap<number, string>
}

/** Throws if the record does not belong to this model and these images. */
export function recover(
  { layers, selection, losses = {} }: CheckpointHead,
  checkpoint: Checkpoint,
  model: OpenModel,
  { table }: ImageSet,
): Recovered {
  const mask = new ImageMask(table.paths.length)
  mask.restore(checkpoint.images.mask)
  const kept = keptIn(checkpoint)
  const results = new Map(
    emptyResults(model, layers, kept, table).map((result, i) => [layers[i]!, result] as const),
  )
  for (const [i, name] of layers.entries()) results.get(name)!.restore(checkpoint.layers[i]!)
  for (const [name, known] of Object.entries(losses)) keepLosses(results.get(name)!, known)
  return {
    results,
    coverage: { images: mask, sample: selection.sample },
    skipped: new Map(checkpoint.images.skipped),
  }
}

/** The number of patches of a channel: a row of the table has three numbers for each. */
function keptIn({ layers }: Checkpoint): number {
  const { rows, counts } = layers[0]!.topK
  return rows.length / (3 * counts.length)
}
