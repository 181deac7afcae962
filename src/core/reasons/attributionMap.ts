/**
 * @file How much each pixel contributes to the activation of a unit, compared with the mean picture: what the gradient says of one
 * image, and of images on the way from the mean to it (integrated gradients: Sundararajan, Taly and Yan, "Axiomatic attribution for
 * deep networks", ICML 2017). Above 0 a pixel excites the unit, below it inhibits it.
 */
import type { MapShape } from '../model/network.ts'
import type { Box } from '../model/receptiveField.ts'

/** The number of images on the way from the mean to the image. */
export const integrationSteps = 16

/** Shares of the way from the mean (0) to the image (1), in the middle of `steps` equal parts of it. */
export function shareOfStep(step: number, steps: number): number {
  return (step + 0.5) / steps
}

/** An image on the way from the mean of each channel to `input`; both are `[…, C]`. */
export function betweenMeanAnd(input: Float32Array, mean: readonly number[], share: number): Float32Array {
  const channels = mean.length
  return input.map((value, i) => {
    const from = mean[i % channels]!
    return from + share * (value - from)
  })
}

/**
 * The sum over channels of `gradients · (input − mean)`, a number a pixel. `gradients` are those of as many images as there are in it,
 * `[N, …, C]`, of which the mean counts.
 */
export function contributions(
  gradients: ArrayLike<number>,
  input: Float32Array,
  mean: readonly number[],
): Float64Array {
  const channels = mean.length
  const images = gradients.length / input.length
  const sums = new Float64Array(input.length / channels)
  for (let i = 0; i < input.length; i++) {
    let gradient = 0
    for (let image = 0; image < images; image++) gradient += gradients[image * input.length + i]!
    sums[Math.floor(i / channels)]! += (gradient / images) * (input[i]! - mean[i % channels]!)
  }
  return sums
}

/**
 * The standard deviation in pixels with which attributions are smoothed: neighbouring pixels mostly act together, and the gradient of
 * a single one says little.
 */
export function smoothingOf(rows: number, columns: number): number {
  return Math.max(1, Math.min(rows, columns) / 16)
}

/**
 * A map `[rows, columns]` in which each number is spread over its neighbours by a Gaussian, cut off at three standard deviations and at
 * the borders of the map. The sum of all numbers stays as it is.
 */
export function spread(
  values: Float64Array,
  [rows, columns]: readonly [number, number],
  deviation: number,
): Float64Array {
  const alongColumns = spreadAlong(values, columns, 1, deviation)
  return spreadAlong(alongColumns, rows, columns, deviation)
}

function spreadAlong(values: Float64Array, length: number, step: number, deviation: number): Float64Array {
  const reach = Math.ceil(3 * deviation)
  const weights = Array.from({ length: reach + 1 }, (_, i) => Math.exp(-(i ** 2) / (2 * deviation ** 2)))
  const out = new Float64Array(values.length)
  for (const [i, value] of values.entries()) {
    if (value === 0) continue
    const at = Math.floor(i / step) % length
    const [low, high] = [Math.max(0, at - reach), Math.min(length - 1, at + reach)]
    let sum = 0
    for (let to = low; to <= high; to++) sum += weights[Math.abs(to - at)]!
    for (let to = low; to <= high; to++)
      out[i + (to - at) * step]! += (value * weights[Math.abs(to - at)]!) / sum
  }
  return out
}

/** The part of a map of the pixels of `from` that lies in `box`, which lies in it. */
export function partOfMap(values: Float64Array, from: Box, box: Box): Float64Array {
  const columns = from[3] - from[1]
  const [rows, width] = [box[2] - box[0], box[3] - box[1]]
  const part = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const start = (box[0] - from[0] + row) * columns + box[1] - from[1]
    part.set(values.subarray(start, start + width), row * width)
  }
  return part
}

/** The rows and columns of `box` of an input `[H, W, C]`, in which it lies. */
export function inputWithin(
  input: Float32Array,
  [, width, channels]: MapShape,
  [top, left, bottom, right]: Box,
): Float32Array {
  const perRow = (right - left) * channels
  const part = new Float32Array((bottom - top) * perRow)
  for (let row = top; row < bottom; row++) {
    const start = (row * width + left) * channels
    part.set(input.subarray(start, start + perRow), (row - top) * perRow)
  }
  return part
}

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum
}
