/** @file Runs the network and reduces each tap's output to its channel summary: together with those behind it, if one walk can. */
import type * as tf from '@tensorflow/tfjs'
import type { ChannelSummary } from '../../core/scan/channelSummary.ts'
import { wasmKernels } from '../backend/tfjsBackend.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { reduceChannels } from './reduceChannels.ts'

/**
 * `input` is `[N, H, W, C]` and stays the caller's. `onSummary` gets a promise for each tap, which waits only for numbers
 * to be read back. Throws `OutOfMemory`.
 */
export function summarizeTaps(
  network: TapNetwork,
  input: tf.Tensor,
  taps: ReadonlySet<number>,
  onSummary: (layer: number, summary: Promise<ChannelSummary>) => void,
): void {
  network.run(
    input,
    taps,
    (layer, output) =>
      onSummary(
        layer,
        reduceChannels(output, (reduced) => network.read(reduced)),
      ),
    (layers, output, chain) => {
      const chained = wasmKernels()?.chainOnWasm(output, chain)
      if (!chained) return null
      for (const [i, layer] of layers.entries()) onSummary(layer, Promise.resolve(chained.summaries[i]!))
      return chained.output
    },
  )
}
