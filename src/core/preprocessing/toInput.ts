/**
 * @file Turns a decoded picture into the network's input and writes it into a pass. The steps: grey (if it comes first),
 * cut, resize, grey (if it comes last), order of channels, normalize.
 */
import type { MapShape } from '../model/network.ts'
import { type Placement, placement } from './fit.ts'
import { pillowGrey, tensorflowGrey } from './grey.ts'
import { type Normalization, normalizations, normalize, normalizeBytes, normalizeThree } from './normalize.ts'
import { premultiply, unpremultiply } from './premultiply.ts'
import type { Preprocessing } from './preprocessing.ts'
import { covered, type Raster } from './raster.ts'
import { resizeBilinear } from './resizeBilinear.ts'
import { resizeNearest } from './resizeNearest.ts'
import { resizePillow } from './resizePillow.ts'

/** RGBA, `[height, width, 4]`, not premultiplied. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array
  readonly width: number
  readonly height: number
  /** Whether the file itself is a grey one, with one number per pixel. Three equal numbers per pixel do not count. */
  readonly isStoredGrey?: boolean
}

/** Bytes of the picture, or floats that bilinear resizing has made; a pixel takes `step` values. */
interface Values {
  readonly data: Uint8ClampedArray | Uint8Array | Float32Array
  readonly step: number
}

/** The band of a pixel that each channel of the network gets. */
export const bandsOf: Readonly<Record<Preprocessing['channels'], readonly number[]>> = {
  rgb: [0, 1, 2, 3],
  bgr: [2, 1, 0, 3],
  grey: [0, 0, 0, 3],
}

/**
 * Writes the network's input `[H, W, C]` as floats into `target`, from `offset` on. A network with one channel, or the
 * setting `channels: 'grey'`, gets grey. With `grey: 'pillow'` the picture becomes grey before it is resized
 * (`load_img(color_mode='grayscale')`); with `tensorflow` it does afterwards (`tf.image.rgb_to_grayscale`), unless the
 * file itself is grey (`tf.io.decode_image(channels=1)`). A network with four channels gets alpha as its last.
 * Throws `setting/channels`.
 */
export function writeInput(
  pixels: Pixels,
  inputShape: MapShape,
  preprocessing: Preprocessing,
  target: Float32Array,
  offset: number,
): void {
  const channels = inputShape[2]
  const steps = normalizations(preprocessing, channels)
  const isGrey = channels === 1 || preprocessing.channels === 'grey'
  const greyFirst = isGrey && preprocessing.grey === 'pillow'
  const raster = greyFirst ? greyRaster(pixels, channels) : colourRaster(pixels, channels)
  const lies = placement({ inputShape, ...preprocessing }, pixels)
  let values: Values = isWhole(lies)
    ? raster
    : { data: resized(raster, lies, preprocessing.resize), step: raster.bands }
  if (preprocessing.fit === 'letterbox' && !isWhole(lies)) frame(values, lies)
  if (isGrey && !greyFirst && !pixels.isStoredGrey) values = greyed(values)
  write(values, isGrey ? bandsOf.grey : bandsOf[preprocessing.channels], steps, target, offset)
}

function colourRaster({ data, width }: Pixels, channels: number): Raster {
  return { data, width, step: 4, bands: channels === 4 ? 4 : 3 }
}

/** A raster with one band of grey; if the network takes alpha, three bands of grey and one of alpha. */
function greyRaster({ data, width }: Pixels, channels: number): Raster {
  const grey = pillowGrey(data)
  if (channels !== 4) return { data: grey, width, step: 1, bands: 1 }
  const withAlpha = Uint8Array.from(data)
  for (let i = 0; i < grey.length; i++) withAlpha.fill(grey[i]!, i * 4, i * 4 + 3)
  return { data: withAlpha, width, step: 4, bands: 4 }
}

/** Whether the picture fits the input as it is, pixel by pixel. */
export function isWhole({ x, y }: Placement): boolean {
  return [x, y].every(
    ({ size, length, resized: to, inputSize }) => size === length && size === to && size === inputSize,
  )
}

function resized(
  raster: Raster,
  lies: Placement,
  resize: Preprocessing['resize'],
): Uint8Array | Float32Array {
  if (resize === 'bilinear') return resizeBilinear(raster, lies)
  if (resize === 'nearest') return resizeNearest(raster, lies)
  if (raster.bands !== 4) return resizePillow(raster, lies, resize)
  return unpremultiply(resizePillow({ ...raster, data: premultiply(raster.data) }, lies, resize))
}

/** The grey with which Ultralytics pads pictures. */
const letterboxGrey = 114

/** Makes the pixels grey that the picture does not cover, but not their alpha. */
function frame({ data, step }: Values, { x, y }: Placement): void {
  const [rows, columns] = [covered(y), covered(x)]
  const colours = Math.min(step, 3)
  for (let row = 0, i = 0; row < y.inputSize; row++) {
    const isInside = row >= rows.first && row < rows.end
    for (let column = 0; column < x.inputSize; column++, i += step)
      if (!isInside || column < columns.first || column >= columns.end)
        data.fill(letterboxGrey, i, i + colours)
  }
}

/** The same pixels with TensorFlow's grey as their first band. */
function greyed({ data, step }: Values): Values {
  const grey = Float32Array.from(data)
  for (let i = 0; i < grey.length; i += step) grey[i] = tensorflowGrey(grey[i]!, grey[i + 1]!, grey[i + 2]!)
  return { data: grey, step }
}

function write(
  { data, step }: Values,
  bands: readonly number[],
  steps: readonly Normalization[],
  target: Float32Array,
  offset: number,
): void {
  if (steps.length === 3 && !(data instanceof Float32Array)) {
    normalizeThree(data, step, bands, steps, target, offset)
    return
  }
  for (const [channel, normalization] of steps.entries()) {
    const strides = { from: bands[channel]!, step, to: offset + channel, toStep: steps.length }
    if (data instanceof Float32Array) normalize(data, normalization, strides, target)
    else normalizeBytes(data, normalization, strides, target)
  }
}
