/** @file What the network loses without each channel, as a results file has it. */
import { count, FieldProblem, finite, list, object, oneOf, orNull, type Reader } from '../fields.ts'
import type { LayerLosses } from './lossRanking.ts'

/** `ablation` of a layer. Lists have one number a channel; null stands for a loss that is not known. */
export interface LossRecord extends Omit<LayerLosses, 'loss'> {
  readonly loss: readonly (number | null)[]
}

/** Key by key, as equal losses have to make equal files. */
export function lossRecord(losses: LayerLosses): LossRecord {
  const { replacement, images, of, yardstick, loss, changed, judged, right, rightBefore, stability } = losses
  return {
    replacement,
    images,
    of,
    yardstick,
    loss: loss.map((one) => (Number.isFinite(one) ? one : null)),
    changed,
    judged,
    right,
    rightBefore,
    stability,
  }
}

const fields = object({
  replacement: oneOf('mean', 'zero'),
  images: count,
  of: count,
  yardstick: oneOf('right', 'own', 'outputs'),
  loss: list(orNull(finite)),
  changed: orNull(list(count)),
  judged: count,
  right: orNull(list(count)),
  rightBefore: count,
  stability: orNull(finite),
})

/** Reads it for a layer of so many channels. */
export function lossReader(channels: number): Reader<LayerLosses> {
  return (value) => {
    const read = fields(value)
    for (const key of ['loss', 'changed', 'right'] as const) {
      const length = read[key]?.length ?? channels
      if (length !== channels)
        throw new FieldProblem(
          `has ${length.toLocaleString('en')} numbers, not ${channels.toLocaleString('en')}`,
        ).within(key)
    }
    return { ...read, loss: read.loss.map((loss) => loss ?? Number.NaN) }
  }
}
