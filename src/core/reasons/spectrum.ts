/**
 * @file The amplitude spectrum of pictures: how much of each frequency they have, in colours that do not go together
 * (Olah, Mordvintsev and Schubert, "Feature Visualization", Distill 2017, https://distill.pub/2017/feature-visualization/).
 * A picture is made under it if each frequency moves as far as it does in these pictures.
 */
import { principalAxes } from './principalAxes.ts'
import { realFourier } from './realFourier.ts'

/** Pictures as bytes 0…255, `[count, height, width, bands]`. */
export interface PictureSample {
  readonly count: number
  readonly height: number
  readonly width: number
  /** 3 for red, green, blue; 1 for grey. */
  readonly bands: number
  readonly data: Uint8Array
}

export interface ColourAxes {
  /** The mean of each band over all pixels, `[bands]`. */
  readonly mean: Float32Array
  /** `[bands, bands]`: each row is an axis, whose component says how far a pixel lies from the mean along it. */
  readonly axes: Float32Array
}

export interface Spectrum extends ColourAxes {
  /** The size of the pictures. */
  readonly height: number
  readonly width: number
  readonly bands: number
  /**
   * `[height, width, bands]`: the root mean square of each coefficient of the real Fourier transform (`realFourier`, rows and
   * columns) of each axis' components.
   */
  readonly amplitude: Float32Array
}

/** The colours of all pixels together. */
export function colourAxes({ bands, data }: Pick<PictureSample, 'bands' | 'data'>): ColourAxes {
  const pixels = data.length / bands
  const sum = new Float64Array(bands)
  const products = new Float64Array(bands * bands)
  for (let i = 0; i < data.length; i += bands)
    for (let a = 0; a < bands; a++) {
      sum[a]! += data[i + a]!
      for (let b = 0; b <= a; b++) products[a * bands + b]! += data[i + a]! * data[i + b]!
    }
  const mean = sum.map((value) => value / pixels)
  const covariance = new Float64Array(bands * bands)
  for (let a = 0; a < bands; a++)
    for (let b = 0; b <= a; b++) {
      const value = products[a * bands + b]! / pixels - mean[a]! * mean[b]!
      covariance[a * bands + b] = value
      covariance[b * bands + a] = value
    }
  return { mean: Float32Array.from(mean), axes: Float32Array.from(principalAxes(covariance, bands)) }
}

/**
 * The amplitudes of coefficients by the mean of their squares, `[height, width, bands]`. Sines and cosines of the same frequencies
 * get the same one, as where a wave begins means nothing.
 */
export function amplitudes(
  squares: Float32Array | Float64Array,
  height: number,
  width: number,
  bands: number,
): Float32Array {
  const [rows, columns] = [realFourier(height).frequencies, realFourier(width).frequencies]
  const across = Math.floor(width / 2) + 1
  const groups = (Math.floor(height / 2) + 1) * across * bands
  const [sum, count] = [new Float64Array(groups), new Float64Array(groups)]
  const groupOf = (i: number): number => {
    const [pixel, band] = [Math.floor(i / bands), i % bands]
    return (rows[Math.floor(pixel / width)]! * across + columns[pixel % width]!) * bands + band
  }
  for (let i = 0; i < squares.length; i++) {
    sum[groupOf(i)]! += squares[i]!
    count[groupOf(i)]!++
  }
  return Float32Array.from(squares, (_, i) => Math.sqrt(sum[groupOf(i)]! / count[groupOf(i)]!))
}
