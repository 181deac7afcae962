/**
 * @file Runs the network over prepared images in passes of a few, and reduces each output on the backend. At most two
 * passes are under way: on WebGL the next one is begun before the numbers of the one before have come back. If memory
 * runs out, passes become smaller, and the one that failed is repeated.
 */
import * as tf from '@tensorflow/tfjs'
import pLimit from 'p-limit'
import { elementCount } from '../../core/model/network.ts'
import type { ChannelSummary } from '../../core/scan/channelSummary.ts'
import { firstRows, joinSummaries } from '../../core/scan/summaryRows.ts'
import { backendName, freeUnused } from '../backend/tfjsBackend.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { isOutOfMemory } from '../backend/outOfMemory.ts'
import { wholePass } from '../backend/wholePass.ts'
import { summarizeTaps } from './summarizeTaps.ts'

export class Passes {
  readonly #network: TapNetwork
  readonly #layers: readonly number[]
  readonly #rowSize: number
  readonly #turns = pLimit(2)
  readonly #makeRoom: () => boolean
  #size: number

  /**
   * `layers` are indices into the network's layers; a pass takes `size` images. `makeRoom` frees what can be done without if
   * memory has run out, and returns whether there was anything.
   */
  constructor(
    network: TapNetwork,
    layers: readonly number[],
    size: number,
    makeRoom: () => boolean = () => false,
  ) {
    this.#network = network
    this.#makeRoom = makeRoom
    this.#layers = layers
    this.#rowSize = elementCount(network.network.inputShape)
    this.#size = size
  }

  /** The number of images in a pass now. */
  get size(): number {
    return this.#size
  }

  /**
   * `data` is `[N, H, W, C]`, N ≥ 1. Returns a summary of N images for each layer, in the order of the layers. Throws
   * `OutOfMemory` if not even one image fits, `backend/lost`.
   */
  async run(data: Float32Array): Promise<ChannelSummary[]> {
    await this.#network.prepare(new Set(this.#layers))
    const step = this.#size * this.#rowSize
    const parts: Promise<ChannelSummary[]>[] = []
    for (let at = 0; at < data.length; at += step) parts.push(this.#pass(data.subarray(at, at + step)))
    const summaries = await Promise.all(parts)
    return this.#layers.map((_, i) => joinSummaries(summaries.map((part) => part[i]!)))
  }

  async #pass(data: Float32Array): Promise<ChannelSummary[]> {
    const rows = data.length / this.#rowSize
    let tried = 0
    try {
      const summaries = await this.#turns(() => {
        tried = this.#size
        return rows > tried ? null : this.#forward(data, rows)
      })
      if (summaries) return summaries
    } catch (error) {
      if (!isOutOfMemory(error)) throw error
      if (!this.#makeRoom()) this.#shrink(tried, error)
    }
    // Passes have become smaller while this one waited, or with it.
    return this.run(data)
  }

  /** Runs one pass for all layers. Each output is reduced as soon as it is computed, and its map is freed. */
  async #forward(data: Float32Array, rows: number): Promise<ChannelSummary[]> {
    const readings = new Map<number, Promise<ChannelSummary>>()
    let free = (): void => undefined
    try {
      wholePass(
        () => this.#queue(data, rows, readings),
        (freeAll) => {
          free = freeAll
        },
      )
      // In the order asked for, which need not be the network's.
      const summaries = await Promise.all(this.#layers.map((layer) => readings.get(layer)!))
      return summaries.map((summary) => firstRows(summary, rows))
    } catch (error) {
      // Queued reductions hold tensors until they are read.
      await Promise.allSettled(readings.values())
      free()
      throw error
    }
  }

  /** Queues one pass. Shaders are compiled for one shape, so on graphics cards a short pass is filled up with zeros. */
  #queue(data: Float32Array, rows: number, readings: Map<number, Promise<ChannelSummary>>): void {
    const images = backendName() === 'wasm' ? rows : this.#size
    let filled = data
    if (images > rows) {
      filled = new Float32Array(images * this.#rowSize)
      filled.set(data)
    }
    const input = tf.tensor4d(filled, [images, ...this.#network.network.inputShape])
    try {
      summarizeTaps(this.#network, input, new Set(this.#layers), (layer, summary) =>
        readings.set(layer, summary),
      )
    } finally {
      input.dispose()
    }
  }

  /** Makes passes smaller after one of `tried` images has failed; throws `error` if that was a single image. */
  #shrink(tried: number, error: Error): void {
    if (tried === 1) throw error
    this.#size = Math.min(this.#size, Math.floor(tried / 2))
    freeUnused()
  }
}
