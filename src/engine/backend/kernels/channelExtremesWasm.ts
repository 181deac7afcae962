/**
 * @file What `ChannelExtremes` does, on WASM: in the heap of tfjs' backend, by SIMD where there is any
 * (`channelExtremesProgram`; about ten times as fast, without which all layers of a small network cost more than its
 * forward pass), else by the obvious loop. No kernel of tfjs' and no tensor: the numbers lie in this thread's memory
 * anyhow, and two more copies of them took as long as a tenth of the reduction.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type ChannelSummary, emptySummary } from '../../../core/scan/channelSummary.ts'
import { type ChannelExtremesProgram, channelExtremesProgram, tileUnits } from './channelExtremesProgram.ts'
import { limitsOf } from './firstOfEqual.ts'
import { wasmProgram, withRows } from './wasmProgram.ts'

const programOf = wasmProgram<ChannelExtremesProgram>(channelExtremesProgram)

/** `x` is `[N, H, W, C]` or `[N, C]`, on this backend, and stays the caller's. */
export function summarizeOnWasm(x: tf.Tensor): ChannelSummary {
  const backend = tf.backend() as BackendWasm
  const images = x.shape[0]!
  const channels = x.shape.at(-1)!
  const summary = emptySummary(images, channels)
  if (!bySimd(backend, x, summary)) byLoop(backend.typedArrayFromHeap(x), images, summary)
  return summary
}

/** Is false if SIMD cannot be used. */
function bySimd(backend: BackendWasm, x: tf.Tensor, summary: ChannelSummary): boolean {
  const { wasm } = backend
  const simd = programOf(backend)
  const { channels, max, position, min, active, nan } = summary
  const { byteOffset, byteLength } = backend.typedArrayFromHeap(x)
  // Four channels are loaded at once, even if a map has three and is the last thing in the heap.
  if (!simd || byteOffset + byteLength + 12 > wasm.HEAPU8.length) return false
  const mapBytes = byteLength / x.shape[0]!
  const units = mapBytes / 4 / channels
  const tile = tileUnits(channels)
  const tiles = Math.ceil(units / tile)
  withRows(backend, 6 + tiles, channels, (rows) => {
    const found = { max: rows.floats(0), min: rows.floats(1), active: rows.whole(2), nan: rows.whole(3) }
    const [limits, inTile] = [rows.floats(4), rows.whole(5)]
    const [limitsAt, inTileAt, maxima] = [4, 5, 6].map((row) => rows.addressOf(row)) as [
      number,
      number,
      number,
    ]
    const values = backend.typedArrayFromHeap(x) as Float32Array
    for (let n = 0, at = 0; at < max.length; n++, at += channels) {
      simd.reduce(byteOffset + n * mapBytes, units, channels, tile, rows.address, maxima)
      max.set(found.max, at)
      min.set(found.min, at)
      active.set(found.active, at)
      limitsOf(found.max, found.min, limits)
      simd.findTiles(limitsAt, maxima, tiles, channels, inTileAt)
      const first = n * units * channels
      for (let c = 0; c < channels; c++) {
        nan[at + c] = found.nan[c] === 0 ? 0 : 1
        position[at + c] = firstFrom(
          inTile[c]! * tile,
          units,
          limits[c]!,
          (unit) => values[first + unit * channels + c]!,
        )
      }
    }
  })
  return true
}

/** The first unit from `start` on that reaches `limit`; 0 if none does, as all of them are NaN. */
function firstFrom(start: number, units: number, limit: number, valueOf: (unit: number) => number): number {
  for (let unit = start; unit < units; unit++) if (valueOf(unit) >= limit) return unit
  return 0
}

function byLoop(
  values: ArrayLike<number>,
  images: number,
  { channels, max, position, min, active, nan }: ChannelSummary,
): void {
  max.fill(-Infinity)
  min.fill(Infinity)
  const units = values.length / max.length
  let i = 0
  for (let n = 0; n < images; n++)
    for (let p = 0; p < units; p++)
      for (let at = n * channels; at < (n + 1) * channels; at++) {
        const value = values[i++]!
        if (value > max[at]!) max[at] = value
        // Written so that NaN, for which no comparison is true, is counted.
        if (!(value >= min[at]!)) {
          if (value < min[at]!) min[at] = value
          else nan[at] = 1
        }
        if (value > 0) active[at]! += 1
      }
  const limits = new Float32Array(channels)
  for (let n = 0, at = 0; n < images; n++, at += channels) {
    limitsOf(max.subarray(at, at + channels), min.subarray(at, at + channels), limits)
    for (let c = 0; c < channels; c++)
      position[at + c] = firstFrom(0, units, limits[c]!, (unit) => values[(n * units + unit) * channels + c]!)
  }
}
