/** @file A layer's output to its channel summary: reduced on the backend, N·C small rows read back. */
import * as tf from '@tensorflow/tfjs'
import type { ChannelSummary } from '../../core/scan/deltaCollector.ts'
import { channelExtremes, extremes } from './channelExtremes.ts'

/**
 * `output` is `[N, H, W, C]` or `[N, C]` and stays the caller's. The work is queued on the backend when this
 * returns; the promise waits for the numbers only.
 */
export function reduceChannels(output: tf.Tensor): Promise<ChannelSummary> {
  const channels = output.shape.at(-1)!
  const columns = output.shape.length === 4 ? output.shape[2]! : 1
  const reduced = tf.tidy(() =>
    channelExtremes(
      output.shape.length === 4
        ? (output as tf.Tensor4D)
        : tf.reshape(output, [output.shape[0]!, 1, 1, channels]),
    ),
  )
  return read(reduced, channels, columns)
}

async function read(reduced: tf.Tensor, channels: number, columns: number): Promise<ChannelSummary> {
  const data = await reduced.data<'float32'>()
  reduced.dispose()
  const count = data.length / extremes
  const summary = {
    channels,
    max: new Float32Array(count),
    position: new Uint32Array(count),
    min: new Float32Array(count),
    nan: new Uint8Array(count),
  }
  for (let i = 0; i < count; i++) {
    const row = data[i * extremes + 1]!
    summary.max[i] = data[i * extremes]!
    summary.position[i] = (row < 0 ? -1 - row : row) * columns + data[i * extremes + 2]!
    summary.min[i] = data[i * extremes + 3]!
    summary.nan[i] = row < 0 ? 1 : 0
  }
  return summary
}
