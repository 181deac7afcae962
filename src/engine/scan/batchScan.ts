/**
 * @file One worker's part of a scan: batches in, what they changed out. Decoding of a batch begins when it comes in,
 * also while another one runs; forward passes are queued one after the other; read-backs are waited for outside of
 * the queue, so that on WebGL the next pass is under way meanwhile.
 */
import * as tf from '@tensorflow/tfjs'
import type { Preprocessing } from '../../core/images/preprocessing.ts'
import { channelCount, type SupportedLayer } from '../../core/model/network.ts'
import { type ChannelSummary, DeltaCollector } from '../../core/scan/deltaCollector.ts'
import type { LayerDelta } from '../../core/scan/layerResult.ts'
import { backendBytes } from '../backend.ts'
import { type BatchItem, decodeBatch, type DecodedBatch, type SkippedImage } from '../images/decodeBatch.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { reduceChannels } from './reduceChannels.ts'

export interface ScanSettings {
  /** Indices into the network's layers. */
  readonly layers: readonly number[]
  readonly k: number
  readonly preprocessing: Preprocessing
  /** Every pass has this many rows; a shorter batch is padded, so that shapes (and shaders) never change. */
  readonly batchSize: number
}

export interface BatchReport {
  /** How many images went through the network. */
  readonly scanned: number
  readonly skipped: readonly SkippedImage[]
  /** In the order of `ScanSettings.layers`. */
  readonly deltas: readonly LayerDelta[]
  /** Bytes that the backend holds after the batch. */
  readonly backendBytes: number
}

export class BatchScan {
  readonly #network: TapNetwork
  readonly #reader: PixelReader
  readonly #settings: ScanSettings
  readonly #collectors: ReadonlyMap<number, DeltaCollector>
  #queue: Promise<unknown> = Promise.resolve()

  constructor(network: TapNetwork, reader: PixelReader, settings: ScanSettings) {
    this.#network = network
    this.#reader = reader
    this.#settings = settings
    this.#collectors = new Map(
      settings.layers.map((layer) => {
        const { shape } = network.network.layers[layer] as SupportedLayer
        return [layer, new DeltaCollector(channelCount(shape), settings.k)]
      }),
    )
  }

  async run(items: readonly BatchItem[]): Promise<BatchReport> {
    const { batchSize, preprocessing } = this.#settings
    const decoding = decodeBatch(
      items,
      batchSize,
      this.#network.network.inputShape,
      preprocessing,
      this.#reader,
    )
    const passed = this.#queue.then(async () => {
      const batch = await decoding
      const scanned = batch.images.reduce((count, image) => count + (image >= 0 ? 1 : 0), 0)
      return { batch, scanned, summaries: scanned > 0 ? this.#forward(batch) : new Map<number, never>() }
    })
    // A batch that fails must not take the ones behind it along.
    this.#queue = passed.catch(() => undefined)
    const { batch, scanned, summaries } = await passed
    const deltas: LayerDelta[] = []
    for (const [layer, summary] of summaries)
      deltas.push(this.#collectors.get(layer)!.add(await summary, batch.images))
    return { scanned, skipped: batch.skipped, deltas, backendBytes: backendBytes() }
  }

  /** One pass for all layers; each is reduced as soon as it is there, and its map freed. */
  #forward(batch: DecodedBatch): Map<number, Promise<ChannelSummary>> {
    const summaries = new Map<number, Promise<ChannelSummary>>()
    const input = tf.tensor4d(batch.data, [this.#settings.batchSize, ...this.#network.network.inputShape])
    try {
      this.#network.run(input, new Set(this.#settings.layers), (layer, output) =>
        summaries.set(layer, reduceChannels(output)),
      )
    } finally {
      input.dispose()
    }
    // In the order asked for, which need not be the network's.
    return new Map(this.#settings.layers.map((layer) => [layer, summaries.get(layer)!]))
  }
}
