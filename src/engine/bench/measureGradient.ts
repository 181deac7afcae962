/** @file Measures a way forward and the way back, of a whole image or of a unit's crop. */
import * as tf from '@tensorflow/tfjs'
import { mapSize } from '../../core/model/units.ts'
import type { SupportedLayer } from '../../core/model/network.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { ReversePass } from '../reasons/reversePass.ts'
import { unitCrop } from '../reasons/unitCrop.ts'

export interface GradientPace {
  /** Milliseconds of the fastest of many, for one image. */
  readonly forwardMs: number
  readonly backMs: number
  /** Rows and columns that were run. */
  readonly size: readonly [number, number]
}

/** `isCrop`: only what the unit in the middle of the layer's map needs. */
export function measureGradient(
  network: TapNetwork,
  layer: number,
  isCrop: boolean,
  seconds: number,
): GradientPace {
  const { shape } = network.network.layers[layer] as SupportedLayer
  const [rows, columns] = mapSize(shape)
  const crop = isCrop ? unitCrop(network, layer, [rows >> 1, columns >> 1]) : null
  const [taps, last] = crop ? [crop.taps, crop.layer] : [network, layer]
  const [height, width, channels] = taps.network.inputShape
  const input = tf.randomUniform<tf.Rank.R4>([1, height, width, channels])
  const seed = tf.ones([1, ...(taps.network.layers[last] as SupportedLayer).shape])
  let [forwardMs, backMs] = [Infinity, Infinity]
  try {
    // The first pass packs filters and makes programs.
    for (const until of [0, performance.now() + seconds * 1000])
      do {
        const start = performance.now()
        const pass = new ReversePass(taps, input, last)
        const between = performance.now()
        tf.dispose([...pass.back(last, seed, [taps.network.input]).values()])
        const end = performance.now()
        pass.dispose()
        forwardMs = Math.min(forwardMs, between - start)
        backMs = Math.min(backMs, end - between)
      } while (performance.now() < until)
    return { forwardMs, backMs, size: [height, width] }
  } finally {
    tf.dispose([input, seed])
    crop?.taps.dispose()
  }
}
