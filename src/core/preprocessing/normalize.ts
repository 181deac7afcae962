/**
 * @file Maps values 0…255 to what the network gets: pixel range, then mean, then standard deviation. Each step is
 * rounded to float32, as in numpy, TensorFlow and PyTorch, so that results are equal to the bit.
 */
import { checkChannels, type Preprocessing } from './preprocessing.ts'

const f32 = Math.fround

/** What is done to the values of one channel of the network: ((value / divisor - shift) - mean) / std. */
interface Steps {
  readonly divisor: number
  readonly shift: number
  readonly mean: number
  readonly std: number
}

export interface Normalization extends Steps {
  /** The value that each byte becomes, `[256]`. */
  readonly ofByte: Float32Array
}

/** Which values are read and written: the index of the first, and the step to the next, in source and target. */
export interface Strides {
  readonly from: number
  readonly step: number
  readonly to: number
  readonly toStep: number
}

const ranges: Readonly<Record<Preprocessing['scale'], { divisor: number; shift: number }>> = {
  '0..1': { divisor: 255, shift: 0 },
  '-1..1': { divisor: 127.5, shift: 1 },
  '0..255': { divisor: 1, shift: 0 },
}

/** Normalizations by settings object and number of channels. Settings objects never change; many pictures share one. */
const known = new WeakMap<Preprocessing, Map<number, readonly Normalization[]>>()

/** The normalization of each channel, in the network's order. Throws `setting/channels`. */
export function normalizations(preprocessing: Preprocessing, channels: number): readonly Normalization[] {
  let byChannels = known.get(preprocessing)
  if (!byChannels) known.set(preprocessing, (byChannels = new Map()))
  let found = byChannels.get(channels)
  if (!found) {
    checkChannels(preprocessing, channels)
    found = Array.from({ length: channels }, (_, channel) => normalization(preprocessing, channel))
    byChannels.set(channels, found)
  }
  return found
}

function normalization({ scale, mean, std }: Preprocessing, channel: number): Normalization {
  const steps = {
    ...ranges[scale],
    mean: f32(mean[mean.length === 1 ? 0 : channel] ?? 0),
    std: f32(std[std.length === 1 ? 0 : channel] ?? 1),
  }
  const ofByte = new Float32Array(256)
  normalize(Float32Array.from(ofByte.keys()), steps, { from: 0, step: 1, to: 0, toStep: 1 }, ofByte)
  return { ...steps, ofByte }
}

/** Normalizes floats 0…255, which resizing has made. */
export function normalize(
  data: Float32Array,
  { divisor, shift, mean, std }: Steps,
  { from, step, to, toStep }: Strides,
  target: Float32Array,
): void {
  // Two divisions take as long as the rest of a resize, and most networks need only one.
  if (shift === 0 && mean === 0 && std === 1)
    for (let i = from, o = to; i < data.length; i += step, o += toStep) target[o] = data[i]! / divisor
  else
    for (let i = from, o = to; i < data.length; i += step, o += toStep)
      target[o] = f32(f32(f32(data[i]! / divisor) - shift) - mean) / std
}

/**
 * Normalizes bytes to three channels. That is the usual case, so all channels are done in one loop that goes through
 * the memory once; a pixel of four bytes is read as one number.
 */
export function normalizeThree(
  data: Uint8ClampedArray | Uint8Array,
  step: number,
  bands: readonly number[],
  each: readonly Normalization[],
  target: Float32Array,
  offset: number,
): void {
  const [first = 0, second = 0, third = 0] = bands
  const [a, b, c] = each.map(({ ofByte }) => ofByte) as [Float32Array, Float32Array, Float32Array]
  if (step === 4 && data.byteOffset % 4 === 0) {
    // The first byte is the lowest one on all processors that browsers run on.
    const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4)
    const [toFirst, toSecond, toThird] = [8 * first, 8 * second, 8 * third]
    for (let i = 0, o = offset; i < pixels.length; i++, o += 3) {
      const pixel = pixels[i]!
      target[o] = a[(pixel >>> toFirst) & 255]!
      target[o + 1] = b[(pixel >>> toSecond) & 255]!
      target[o + 2] = c[(pixel >>> toThird) & 255]!
    }
    return
  }
  for (let i = 0, o = offset; i < data.length; i += step, o += 3) {
    target[o] = a[data[i + first]!]!
    target[o + 1] = b[data[i + second]!]!
    target[o + 2] = c[data[i + third]!]!
  }
}

/** Normalizes bytes to one channel. */
export function normalizeBytes(
  data: Uint8ClampedArray | Uint8Array,
  { ofByte }: Normalization,
  { from, step, to, toStep }: Strides,
  target: Float32Array,
): void {
  for (let i = from, o = to; i < data.length; i += step, o += toStep) target[o] = ofByte[data[i]!]!
}
