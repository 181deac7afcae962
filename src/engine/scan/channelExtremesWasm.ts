/**
 * @file `ChannelExtremes` on WASM, in the heap of tfjs' backend: by SIMD where there is any (`channelExtremes.wat`;
 * about ten times as fast, without which all layers of a small network cost more than its forward pass), else by the
 * obvious loop.
 */
/* oxlint-disable no-underscore-dangle -- as tfjs names it */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { extremes, firingUnit, kernelName, place } from './channelExtremes.ts'
import program from './channelExtremes.wasm?url&inline'

/** Rows of `channels` numbers, as the loops leave them for one map. */
interface Found {
  readonly max: Float32Array
  readonly unit: Uint32Array
  readonly min: Float32Array
  readonly firing: Uint32Array
  /** Not 0 where a unit was NaN. */
  readonly nan: Uint32Array
}

type Reduce = (map: number, units: number, channels: number, state: number) => void

/** Null where there is no SIMD. By tfjs' WASM module. */
const loaded = new WeakMap<object, Reduce | null>()

function reduceOf(wasm: BackendWasm['wasm']): Reduce | null {
  let reduce = loaded.get(wasm)
  if (reduce === undefined) loaded.set(wasm, (reduce = load(wasm)))
  return reduce
}

function load(wasm: BackendWasm['wasm']): Reduce | null {
  const bytes = Uint8Array.from(atob(program.slice(program.indexOf(',') + 1)), (c) => c.charCodeAt(0))
  if (!WebAssembly.validate(bytes)) return null
  // As Emscripten hands it out; tfjs' types do not know it.
  const { memory } = (wasm as unknown as { asm: { memory: WebAssembly.Memory } }).asm
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  return exports['reduce'] as Reduce
}

tf.registerKernel({
  kernelName,
  backendName: 'wasm',
  kernelFunc({ inputs, backend }) {
    const wasm = backend as BackendWasm
    const x = inputs['x']!
    const [images, height, width, channels] = x.shape as [number, number, number, number]
    const out = wasm.makeOutput([images, channels, 2, 4], 'float32')
    const units = height * width
    const write = (found: Found, n: number): void =>
      interleave(found, width, wasm.typedArrayFromHeap(out).subarray(n * channels * extremes) as Float32Array)
    if (!bySimd(wasm, x, [images, units, channels], write)) byLoop(wasm, x, [images, units, channels], write)
    return out
  },
})

type Sizes = readonly [images: number, units: number, channels: number]
type Write = (found: Found, image: number) => void

/** False where it cannot be done. */
function bySimd(
  backend: BackendWasm,
  x: tf.TensorInfo,
  [images, units, channels]: Sizes,
  write: Write,
): boolean {
  const { wasm } = backend
  const reduce = reduceOf(wasm)
  const { byteOffset, byteLength } = backend.typedArrayFromHeap(x)
  // Four channels are loaded at once, also where a map has three; it may be the last thing in the heap.
  if (!reduce || byteOffset + byteLength + 12 > wasm.HEAPU8.length) return false
  const row = Math.ceil(channels / 4) * 16
  const state = wasm._malloc(5 * row) >>> 0
  try {
    const { buffer } = wasm.HEAPU8
    const whole = (i: number): Uint32Array => new Uint32Array(buffer, state + i * row, channels)
    const real = (i: number): Float32Array => new Float32Array(buffer, state + i * row, channels)
    const found = { max: real(0), unit: whole(1), min: real(2), firing: whole(3), nan: whole(4) }
    for (let n = 0; n < images; n++) {
      reduce(byteOffset + (n * byteLength) / images, units, channels, state)
      write(found, n)
    }
  } finally {
    wasm._free(state)
  }
  return true
}

function byLoop(
  backend: BackendWasm,
  x: tf.TensorInfo,
  [images, units, channels]: Sizes,
  write: Write,
): void {
  const values = backend.typedArrayFromHeap(x)
  const max = new Float32Array(channels)
  const min = new Float32Array(channels)
  const unit = new Uint32Array(channels)
  const firing = new Uint32Array(channels)
  const nan = new Uint32Array(channels)
  let i = 0
  for (let n = 0; n < images; n++) {
    max.fill(-Infinity)
    min.fill(Infinity)
    for (const array of [unit, firing, nan]) array.fill(0)
    for (let p = 0; p < units; p++) {
      for (let c = 0; c < channels; c++) {
        const value = values[i++]!
        if (value > max[c]!) {
          max[c] = value
          unit[c] = p
        }
        // Written so that NaN, which is not at least anything, gets in.
        if (!(value >= min[c]!)) {
          if (value < min[c]!) min[c] = value
          else nan[c] = 1
        }
        if (value > 0) firing[c]! += 1
      }
    }
    write({ max, unit, min, firing, nan }, n)
  }
}

/** As all backends write it: see `place`. */
function interleave({ max, unit, min, firing, nan }: Found, width: number, out: Float32Array): void {
  for (let c = 0, o = 0; c < max.length; c++, o += extremes) {
    out[o + place.max] = max[c]!
    out[o + place.row] = Math.floor(unit[c]! / width)
    out[o + place.column] = unit[c]! % width
    out[o + place.min] = min[c]!
    out[o + place.firingHigh] = Math.floor(firing[c]! / firingUnit)
    out[o + place.firingLow] = firing[c]! % firingUnit
    out[o + place.nan] = nan[c] === 0 ? 0 : 1
  }
}
