/** @file The patch of a unit in the picture that is looked at. */
import type { Pair } from '../../core/model/network.ts'
import type { ChannelMap } from '../../engine/scan/channelMap.ts'
import type { OpenModel } from '../../state/model/openModel.ts'
import { type Patch, patchesAt } from '../../state/mosaic/patches.ts'

/** `unit`: null for the strongest one of the map; the first one on ties, and if there is nothing but NaN. */
export function patchInMap(
  model: OpenModel,
  layer: string,
  { columns, values }: ChannelMap,
  unit: Pair | null,
): Omit<Patch, 'image'> {
  const strongest = (): number =>
    values.reduce((best, value, i) => (value > (values[best] ?? -Infinity) ? i : best), 0)
  const position = unit ? unit[0] * columns + unit[1] : strongest()
  const { image: _, ...patch } = patchesAt(model, layer, [
    { image: 0, activation: values[position]!, position },
  ])[0]!
  return patch
}
