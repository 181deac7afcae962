/**
 * @file Makes a picture that excites a unit or a channel, under the spectrum of the user's images. What is shown is a picture as any
 * other: bytes, clipped to what a picture can be; and the value that is told of it is of those bytes through the whole network.
 */
import * as tf from '@tensorflow/tfjs'
import { appError } from '../../core/errors.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import {
  ascend,
  type Ascent,
  ascentStart,
  type AscentState,
  isAscended,
  type Slope,
} from '../../core/reasons/ascent.ts'
import { inputWithin } from '../../core/reasons/attributionMap.ts'
import { ascentSettings, type AscentWay, stepsOf } from '../../core/reasons/ascentWays.ts'
import { type PictureBands, pictureBands, plainSettings } from '../../core/reasons/pictureBands.ts'
import type { Spectrum } from '../../core/reasons/spectrum.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import type { ImageHandle } from '../images/imageHandle.ts'
import { inputOfPixels, pictureInput } from '../images/pictureInput.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { channelMap } from '../scan/channelMap.ts'
import { bandsOfInput } from './inputSpectrum.ts'
import { PictureWaves } from './pictureWaves.ts'
import { type Climbed, type ClimbedPart, climbedPart, slopeOf } from './unitHill.ts'

/** Where a picture is made. */
export interface SynthesisPlace {
  /** The part of the input that is made; the rest is the image's. */
  readonly box: Box
  /** The image as the network gets it, as values 0…255: `[H, W, bands]`. */
  readonly whole: Float32Array
}

export interface SynthesisRequest extends Climbed {
  readonly way: AscentWay
  readonly place: SynthesisPlace
  readonly preprocessing: Preprocessing
  /** Of pictures of the size of the place's box. */
  readonly spectrum: Spectrum
  readonly seed: number
  readonly apart: Ascent['apart']
}

/** RGBA, `[height, width, 4]`. */
export interface ShownPicture {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** What the network says of a picture. */
export interface PictureValue {
  /** The activation of the unit, or the mean of the channel's map. */
  readonly value: number
  /** The largest activation of the channel's map. */
  readonly largest: number
}

export interface SynthesisProgress {
  readonly state: AscentState
  /** The steps that were done, and all of them. */
  readonly step: number
  readonly of: number
  /** The best picture so far. */
  readonly picture: ShownPicture
  /** Is there once all steps are done. */
  readonly outcome: Outcome | null
}

/** `before`: of the patch that was accentuated, or of its image if all of it was; null if it began with nothing. */
export interface Outcome {
  readonly made: PictureValue
  readonly before: PictureValue | null
}

/** What the last request ran on: a picture comes in many calls, and cutting a large network takes milliseconds. */
const parts = new WeakMap<TapNetwork, { readonly key: string; readonly part: ClimbedPart }>()

function partOf(network: TapNetwork, climbed: Climbed): ClimbedPart {
  const key = [climbed.layer, climbed.channel, climbed.unit].join('/')
  const known = parts.get(network)
  if (known?.key === key) return known.part
  const part = climbedPart(network, climbed)
  parts.set(network, { key, part })
  return part
}

/** Reads the image whose patch is accentuated, or that lies around what is made. Throws `images/…`. */
export async function synthesisPlace(
  network: TapNetwork,
  reader: PixelReader,
  image: ImageHandle,
  preprocessing: Preprocessing,
  climbed: Climbed,
): Promise<SynthesisPlace> {
  const { inputShape } = network.network
  const { bands } = pictureBands(inputShape, preprocessing)
  const input = await pictureInput(image, inputShape, plainSettings(inputShape, preprocessing), reader)
  return { box: partOf(network, climbed).box, whole: bandsOfInput(input, inputShape[2], bands) }
}

/**
 * Goes so many steps from `state`, or from the start. Throws `OutOfMemory`, `backend/lost`, and a plain Error that names a kind of
 * layer that has no way back.
 */
export async function synthesize(
  network: TapNetwork,
  request: SynthesisRequest,
  state: AscentState | null,
  steps: number,
): Promise<SynthesisProgress> {
  const { way, preprocessing, spectrum, seed, apart, place } = request
  const part = partOf(network, request)
  const bands = pictureBands(network.network.inputShape, preprocessing)
  const waves = new PictureWaves(spectrum)
  const below = way === 'accentuate' ? cutOut(network, place, bands) : meanPicture(spectrum)
  const made = { waves, base: tf.tensor4d(below, waves.shape) }
  const ascent: Ascent = { way, size: below.length, seed, apart }
  try {
    const slope: Slope = (coefficients) => slopeAt(network, part, bands, made, coefficients)
    const now = await ascend(ascent, slope, state ?? ascentStart(ascent), steps)
    const picture = shown(await pictureAt(network, made, now.best), spectrum)
    const of = stepsOf(ascentSettings[way])
    if (isAscended(ascent, now) && now.bestScore === -Infinity) throw appError('reasons/no-number')
    const outcome = isAscended(ascent, now) ? await outcomeOf(network, request, picture) : null
    return { state: now, step: now.step, of, picture, outcome }
  } finally {
    waves.dispose()
    made.base.dispose()
  }
}

interface Made {
  readonly waves: PictureWaves
  readonly base: tf.Tensor4D
}

/** The values of the clipped picture. */
async function pictureAt(
  network: TapNetwork,
  { waves, base }: Made,
  coefficients: Float32Array,
): Promise<Float32Array> {
  const picture = tf.tidy(() =>
    tf.clipByValue(tf.add(base, waves.sum(tf.tensor4d(coefficients, waves.shape))), 0, 255),
  )
  try {
    return await network.read(picture)
  } finally {
    picture.dispose()
  }
}

/** What the network says of the clipped picture. Where it is clipped, there is no way further out. */
async function slopeAt(
  network: TapNetwork,
  part: ClimbedPart,
  bands: PictureBands,
  { waves, base }: Made,
  coefficients: Float32Array,
): ReturnType<Slope> {
  const held: tf.Tensor[] = []
  try {
    const picture = tf.tidy(
      () => tf.add(base, waves.sum(tf.tensor4d(coefficients, waves.shape))) as tf.Tensor4D,
    )
    held.push(picture)
    const inRange = tf.clipByValue(picture, 0, 255)
    held.push(inRange)
    const { value, gradient } = slopeOf(part, bands, inRange)
    held.push(value, gradient)
    const back = tf.tidy(() => {
      const counts = tf.lessEqual(tf.mul(tf.sub(picture, inRange), gradient), 0)
      return waves.back(tf.mul(gradient, tf.cast(counts, 'float32')))
    })
    held.push(back)
    const [values, gradients] = await Promise.all([network.read(value), network.read(back)])
    return { value: values[0]!, gradient: gradients }
  } finally {
    tf.dispose(held)
  }
}

/** The part of the image in the box, `[h, w, bands]`. */
function cutOut(
  { network: { inputShape } }: TapNetwork,
  { box, whole }: SynthesisPlace,
  { bands }: PictureBands,
): Float32Array {
  return inputWithin(whole, [inputShape[0], inputShape[1], bands], box)
}

/** A picture of the mean colour, `[h, w, bands]`. */
function meanPicture({ height, width, bands, mean }: Spectrum): Float32Array {
  return Float32Array.from({ length: height * width * bands }, (_, i) => mean[i % bands]!)
}

/** Values 0…255, `[h, w, bands]`, as an opaque picture: rounded to bytes. */
function shown(
  values: Float32Array,
  { height, width, bands }: Pick<Spectrum, 'height' | 'width' | 'bands'>,
): ShownPicture {
  const data = new Uint8ClampedArray(4 * height * width)
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = values[i * bands + Math.min(c, bands - 1)]!
    data[4 * i + 3] = 255
  }
  return { width, height, data }
}

async function outcomeOf(
  network: TapNetwork,
  request: SynthesisRequest,
  picture: ShownPicture,
): Promise<Outcome> {
  const { place, preprocessing, way } = request
  const [height, width, channels] = network.network.inputShape
  const { bands } = pictureBands([height, width, channels], preprocessing)
  const image = shown(place.whole, { height, width, bands })
  const [top, left] = place.box
  const before = way === 'accentuate' ? await valueOf(network, request, image) : null
  for (let y = 0; y < picture.height; y++)
    image.data.set(
      picture.data.subarray(y * picture.width * 4, (y + 1) * picture.width * 4),
      ((top + y) * width + left) * 4,
    )
  return { made: await valueOf(network, request, image), before }
}

/**
 * What the network says of a picture of the size of its input. It goes through the preprocessing as a picture of a file does, but for
 * `fit`: it is not cut.
 */
async function valueOf(
  network: TapNetwork,
  { layer, channel, unit, preprocessing }: SynthesisRequest,
  picture: ShownPicture,
): Promise<PictureValue> {
  const { inputShape } = network.network
  const input = inputOfPixels(picture, inputShape, { ...preprocessing, fit: 'stretch' })
  const { values, columns } = await channelMap(network, input, layer, channel)
  const sum = values.reduce((all, value) => all + value, 0)
  return {
    value: unit ? values[unit[0] * columns + unit[1]]! : sum / values.length,
    largest: values.reduce((most, value) => Math.max(most, value), -Infinity),
  }
}
