/** @file The spectrum of the user's images as the network gets them, cut to a size. */
import * as tf from '@tensorflow/tfjs'
import type { MapShape, Pair } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { pictureBands, plainSettings } from '../../core/reasons/pictureBands.ts'
import { realFourier } from '../../core/reasons/realFourier.ts'
import { amplitudes, colourAxes, type PictureSample, type Spectrum } from '../../core/reasons/spectrum.ts'
import { seededRandom } from '../../core/seededRandom.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import type { ImageHandle } from '../images/imageHandle.ts'
import { pictureInput } from '../images/pictureInput.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { componentsOf, transformed } from './pictureWaves.ts'
import type { Read } from '../scan/reduceChannels.ts'

/** The bytes of all pictures of a sample together; of large inputs there are fewer. */
const mostBytes = 24e6

/** How many products all transforms of a spectrum may take: half a second on WASM; some pictures are cut in any case. */
const mostProducts = 3e9
const fewestCuts = 16
const cutsPerPicture = 4
/** Bytes of the cuts of a pass. */
const passBytes = 8e6

/**
 * Reads pictures as values 0…255, as the preprocessing resizes them. Those that cannot be read are left out; throws the first one's
 * error if none can.
 */
export async function samplePictures(
  handles: readonly ImageHandle[],
  inputShape: MapShape,
  preprocessing: Preprocessing,
  reader: PixelReader,
): Promise<PictureSample> {
  const [height, width, channels] = inputShape
  const { bands } = pictureBands(inputShape, preprocessing)
  const size = height * width * bands
  const plain = plainSettings(inputShape, preprocessing)
  const most = Math.max(1, Math.min(handles.length, Math.floor(mostBytes / size)))
  const data = new Uint8ClampedArray(most * size)
  let count = 0
  let failure: unknown = new Error('there are no images')
  for (const handle of handles) {
    if (count === most) break
    try {
      const input = await pictureInput(handle, inputShape, plain, reader)
      data.set(bandsOfInput(input, channels, bands), count * size)
      count++
    } catch (error) {
      failure = error
    }
  }
  if (count === 0) throw failure
  return { count, height, width, bands, data: new Uint8Array(data.buffer, 0, count * size) }
}

/** The bands of an input that was made with `plainSettings`: its first channels. */
export function bandsOfInput(input: Float32Array, channels: number, bands: number): Float32Array {
  if (channels === bands) return input
  return Float32Array.from(
    { length: (input.length / channels) * bands },
    (_, i) => input[Math.floor(i / bands) * channels + (i % bands)]!,
  )
}

/** The spectrum of cuts of this size, at places that the seed chooses. */
export async function spectrumOf(
  sample: PictureSample,
  [height, width]: Pair,
  seed: number,
  read: Read,
): Promise<Spectrum> {
  const { bands } = sample
  const { mean, axes } = colourAxes(sample)
  const plane = height * width * bands
  const affordable = Math.floor(mostProducts / (plane * (height + width)))
  const wanted = height === sample.height && width === sample.width ? 1 : cutsPerPicture
  const cuts = Math.min(wanted * sample.count, Math.max(fewestCuts, affordable))
  const random = seededRandom(seed)
  const squares = new Float64Array(plane)
  const perPass = Math.max(1, Math.floor(passBytes / (4 * plane)))
  for (let first = 0; first < cuts; first += perPass) {
    const count = Math.min(perPass, cuts - first)
    const data = new Float32Array(count * plane)
    for (let i = 0; i < count; i++) cut(sample, first + i, [height, width], random, data, i * plane)
    const sum = squareSums(data, [count, height, width, bands], mean, axes)
    try {
      for (const [i, value] of (await read(sum)).entries()) squares[i]! += value
    } finally {
      sum.dispose()
    }
  }
  const amplitude = amplitudes(
    squares.map((sum) => sum / cuts),
    height,
    width,
    bands,
  )
  return { height, width, bands, mean, axes, amplitude }
}

/** Writes a cut of the sample's picture of that number, which counts round, into `target`. */
function cut(
  { count, height, width, bands, data }: PictureSample,
  number: number,
  [rows, columns]: Pair,
  random: () => number,
  target: Float32Array,
  offset: number,
): void {
  const top = Math.floor(random() * (height - rows + 1))
  const left = Math.floor(random() * (width - columns + 1))
  for (let row = 0; row < rows; row++) {
    const from = (((number % count) * height + top + row) * width + left) * bands
    target.set(data.subarray(from, from + columns * bands), offset + row * columns * bands)
  }
}

/** The sum over all pictures of the squares of their coefficients, `[H, W, bands]`. */
function squareSums(
  data: Float32Array,
  shape: [number, number, number, number],
  mean: Float32Array,
  axes: Float32Array,
): tf.Tensor {
  return tf.tidy(() => {
    const [, height, width, bands] = shape
    const turn = tf.tensor2d(axes, [bands, bands])
    const colours = tf.sub(tf.tensor4d(data, shape), tf.tensor1d(mean)) as tf.Tensor4D
    const components = componentsOf(colours, turn)
    const rows = tf.tensor2d(realFourier(height).matrix, [height, height])
    const columns = tf.tensor2d(realFourier(width).matrix, [width, width])
    return tf.sum(tf.square(transformed(components, rows, columns, false)), 0)
  })
}

/** The user's images from which a spectrum is made. */
export interface SpectrumSource {
  /** Stands for the images and the preprocessing: pictures that were read are kept under it. */
  readonly key: string
  readonly handles: readonly ImageHandle[]
  readonly preprocessing: Preprocessing
}

/** The pictures that were read last, as long as their network: other sizes are cut from them. */
const samples = new WeakMap<TapNetwork, { readonly key: string; readonly sample: Promise<PictureSample> }>()

/** The seed of the places at which pictures are cut. */
const cutSeed = 1

/** The spectrum of the network's inputs, cut to this size. Throws `images/…` if none of the images can be read. */
export async function inputSpectrum(
  network: TapNetwork,
  reader: PixelReader,
  { key, handles, preprocessing }: SpectrumSource,
  size: Pair,
): Promise<Spectrum> {
  let known = samples.get(network)
  if (known?.key !== key) {
    known = { key, sample: samplePictures(handles, network.network.inputShape, preprocessing, reader) }
    samples.set(network, known)
    // What cannot be read now may be there later.
    known.sample.catch(() => samples.delete(network))
  }
  return spectrumOf(await known.sample, size, cutSeed, (tensor) => network.read(tensor))
}
