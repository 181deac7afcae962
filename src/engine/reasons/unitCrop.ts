/** @file A network that runs what one unit needs, with the weights of the whole one: they are not copied. */
import type * as tf from '@tensorflow/tfjs'
import { type CroppedNetwork, croppedNetwork } from '../../core/reasons/croppedNetwork.ts'
import type { Pair } from '../../core/model/network.ts'
import { TapNetwork } from '../model/tapNetwork.ts'

export interface UnitCrop extends CroppedNetwork {
  /** Runs the crop. Its owner disposes of it, which leaves the whole network's weights. */
  readonly taps: TapNetwork
}

/** The crop of a unit of `whole`; `unit` is row and column, `[0, 0]` in a layer that is no map. */
export function unitCrop(whole: TapNetwork, layer: number, unit: Pair): UnitCrop {
  const crop = croppedNetwork(whole.network, layer, unit)
  const of = (i: number): readonly tf.Tensor[] =>
    // A layer that was added has no weights.
    crop.network.layers[i]!.op?.kind === 'crop' ? [] : whole.weightsOf(crop.sourceOf[i]!)
  return { ...crop, taps: new TapNetwork(crop.network, { of }, whole.watch) }
}
