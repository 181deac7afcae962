/**
 * @file The engine with what only `npm run bench` and tests ask of it. Workers run this one, so that what is measured is
 * what runs.
 */
import * as tf from '@tensorflow/tfjs'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { chosenConvolutions, type Convolutions } from '../backend/kernels/convolution/choice.ts'
import { wasmKernels } from '../backend/tfjsBackend.ts'
import { Engine } from '../engine.ts'
import { type BatchItem, decodeBatch } from '../images/decodeBatch.ts'
import { PixelReader } from '../images/decodeImage.ts'
import type { GradientPace } from './measureGradient.ts'
import { measureForward } from './measureForward.ts'

export class BenchEngine extends Engine {
  /** The bare forward pass, in images a second; see `measureForward`. On WASM by these convolutions. */
  measureForward(
    layers: readonly number[],
    passSize: number,
    seconds: number,
    convolutions: Convolutions = chosenConvolutions(),
  ): Promise<number> {
    return this.watch.guard(() => measureForward(this.opened(), layers, passSize, seconds, convolutions))
  }

  /** The way forward to a layer, and the way back to the image; see `measureGradient`. */
  async measureGradient(layer: number, isCrop: boolean, seconds: number): Promise<GradientPace> {
    const { measureGradient } = await import('./measureGradient.ts')
    return this.watch.guard(() => measureGradient(this.opened(), layer, isCrop, seconds))
  }

  /** Reading, decoding and preprocessing alone, one batch after the other, in images a second. */
  async measureDecode(
    items: readonly BatchItem[],
    batchSize: number,
    preprocessing: Preprocessing,
  ): Promise<number> {
    const { inputShape } = this.opened().network
    const reader = new PixelReader()
    const start = performance.now()
    for (let i = 0; i < items.length; i += batchSize)
      await decodeBatch(items.slice(i, i + batchSize), batchSize, inputShape, preprocessing, reader)
    return (items.length * 1000) / (performance.now() - start)
  }

  /** The number of tensors that are alive. */
  tensorCount(): number {
    return tf.memory().numTensors
  }

  /** The bytes that weights take in the order of our kernels, on WASM. */
  packedBytes(): number {
    return wasmKernels()!.packedBytes()
  }
}
