/** @file Measures a way forward and the way back, of a whole image or of a unit's crop. */
import * as tf from '@tensorflow/tfjs'
import { mapSize } from '../../core/model/units.ts'
import type { SupportedLayer } from '../../core/model/network.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { ReversePass } from '../reasons/reversePass.ts'
import { unitCrop } from '../reasons/unitCrop.ts'

export interface GradientPace {
  /** Milliseconds for one image, in the fastest of many turns. */
  readonly forwardMs: number
  readonly backMs: number
  /** Rows and columns that were run. */
  readonly size: readonly [number, number]
}

/** The clock counts in tenths of a millisecond at best, and small crops take less. */
const turnMs = 10

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
  /** The mean of so many passes. */
  const turn = (passes: number): Pick<GradientPace, 'forwardMs' | 'backMs'> => {
    let [forwardMs, backMs] = [0, 0]
    for (let i = 0; i < passes; i++) {
      const start = performance.now()
      const pass = new ReversePass(taps, input, last)
      const between = performance.now()
      tf.dispose([...pass.back(last, seed, [taps.network.input]).values()])
      forwardMs += between - start
      backMs += performance.now() - between
      pass.dispose()
    }
    return { forwardMs: forwardMs / passes, backMs: backMs / passes }
  }
  try {
    // The first pass packs filters and makes programs.
    turn(1)
    let passes = 1
    for (let pace = turn(1); pace.forwardMs * passes < turnMs; pace = turn(passes)) passes *= 2
    let [forwardMs, backMs] = [Infinity, Infinity]
    const end = performance.now() + seconds * 1000
    do {
      const pace = turn(passes)
      forwardMs = Math.min(forwardMs, pace.forwardMs)
      backMs = Math.min(backMs, pace.backMs)
    } while (performance.now() < end)
    return { forwardMs, backMs, size: [height, width] }
  } finally {
    tf.dispose([input, seed])
    crop?.taps.dispose()
  }
}
