/** @file From coefficients of waves to a picture, and back for gradients, by two products with Fourier matrices. */
import * as tf from '@tensorflow/tfjs'
import { realFourier } from '../../core/reasons/realFourier.ts'
import type { Spectrum } from '../../core/reasons/spectrum.ts'

/** Holds tensors until it is disposed of. */
export class PictureWaves {
  /** `[1, H, W, bands]` */
  readonly shape: [number, number, number, number]
  readonly #rows: tf.Tensor2D
  readonly #columns: tf.Tensor2D
  readonly #axes: tf.Tensor2D
  readonly #amplitude: tf.Tensor4D

  constructor({ height, width, bands, axes, amplitude }: Spectrum) {
    this.shape = [1, height, width, bands]
    // If the spectrum does not fit, nothing is left.
    const made = tf.tidy(() => [
      tf.tensor2d(realFourier(height).matrix, [height, height]),
      tf.tensor2d(realFourier(width).matrix, [width, width]),
      tf.tensor2d(axes, [bands, bands]),
      tf.tensor4d(amplitude, this.shape),
    ])
    ;[this.#rows, this.#columns, this.#axes] = made as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D]
    this.#amplitude = made[3] as tf.Tensor4D
  }

  /** The sum of all waves by their coefficients `[1, H, W, bands]`, as a difference of colours of that shape. The caller disposes. */
  sum(coefficients: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const components = transformed(tf.mul(coefficients, this.#amplitude), this.#rows, this.#columns, true)
      return turned(components, this.#axes, false)
    })
  }

  /** The gradient with respect to the coefficients, from that with respect to the picture. The caller disposes. */
  back(gradient: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const components = componentsOf(gradient, this.#axes)
      return tf.mul(transformed(components, this.#rows, this.#columns, false), this.#amplitude)
    })
  }

  dispose(): void {
    tf.dispose([this.#rows, this.#columns, this.#axes, this.#amplitude])
  }
}

/**
 * The Fourier transform of rows and columns of `[N, H, W, bands]`, each image and band for itself; or the way back, by the transposed
 * matrices. The caller tidies.
 */
export function transformed(
  picture: tf.Tensor4D,
  rows: tf.Tensor2D,
  columns: tf.Tensor2D,
  isInverse: boolean,
): tf.Tensor4D {
  const [count, height, width, bands] = picture.shape
  const planes = tf.reshape(tf.transpose(picture, [0, 3, 1, 2]), [count * bands * height, width])
  const across = tf.reshape(tf.matMul(planes, turnedFor(columns, isInverse)), [count * bands, height, width])
  const upright = tf.reshape(tf.transpose(across, [0, 2, 1]), [count * bands * width, height])
  const along = tf.matMul(upright, turnedFor(rows, isInverse))
  return tf.transpose(tf.reshape(along, [count, bands, width, height]), [0, 3, 2, 1])
}

/**
 * The matrix that rows are multiplied by. It is small and turned beforehand: tfjs on WASM multiplies by a matrix that it is to turn
 * itself far slower.
 */
function turnedFor(matrix: tf.Tensor2D, isInverse: boolean): tf.Tensor2D {
  return isInverse ? matrix : tf.transpose(matrix)
}

/** Colours `[N, H, W, bands]` as components along the axes. The caller tidies. */
export function componentsOf(colours: tf.Tensor4D, axes: tf.Tensor2D): tf.Tensor4D {
  return turned(colours, axes, true)
}

function turned(picture: tf.Tensor4D, axes: tf.Tensor2D, transposed: boolean): tf.Tensor4D {
  const bands = picture.shape[3]
  return tf.reshape(tf.matMul(tf.reshape(picture, [-1, bands]), turnedFor(axes, !transposed)), picture.shape)
}
