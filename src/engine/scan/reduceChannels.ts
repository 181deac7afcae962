/** @file Reduces a layer's output to its channel summary on the backend; N·C small rows are read back. */
import * as tf from '@tensorflow/tfjs'
import { type ChannelSummary, emptySummary } from '../../core/scan/channelSummary.ts'
import { isMap, mapSize } from '../../core/model/units.ts'
import { wasmKernels } from '../backend/tfjsBackend.ts'
import { channelExtremes, extremes, activeUnit, place } from '../backend/kernels/channelExtremes.ts'

/** Reads the numbers of a small tensor back. */
export type Read = (tensor: tf.Tensor) => Promise<Float32Array>

/**
 * `output` is `[N, H, W, C]` or `[N, C]` and stays the caller's. When this returns, the reduction is done on WASM and
 * queued on other backends; the promise waits only for its numbers.
 */
export function reduceChannels(output: tf.Tensor, read: Read): Promise<ChannelSummary> {
  const onWasm = wasmKernels()
  if (onWasm) return Promise.resolve(onWasm.summarizeOnWasm(output))
  const channels = output.shape.at(-1)!
  const units = output.shape.slice(1)
  const [, columns] = mapSize(units)
  const reduced = tf.tidy(() =>
    channelExtremes(
      isMap(units) ? (output as tf.Tensor4D) : tf.reshape(output, [output.shape[0]!, 1, 1, channels]),
    ),
  )
  return read(reduced)
    .finally(() => reduced.dispose())
    .then((data) => summaryOf(data, channels, columns))
}

function summaryOf(data: Float32Array, channels: number, columns: number): ChannelSummary {
  const count = data.length / extremes
  const summary = emptySummary(count / channels, channels)
  for (let i = 0, o = 0; i < count; i++, o += extremes) {
    summary.max[i] = data[o + place.max]!
    summary.position[i] = data[o + place.row]! * columns + data[o + place.column]!
    summary.min[i] = data[o + place.min]!
    summary.active[i] = data[o + place.activeHigh]! * activeUnit + data[o + place.activeLow]!
    summary.nan[i] = data[o + place.nan]!
  }
  return summary
}
