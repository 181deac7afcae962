/**
 * @file One worker's part of a scan: batches in, what they changed out. Decoding of a batch begins when it comes in,
 * also while another one runs; forward passes are queued one after the other; read-backs are waited for outside of
 * the queue, so that on WebGL the next pass is under way meanwhile.
 */
import * as tf from '@tensorflow/tfjs'
import type { Preprocessing } from '../../core/images/preprocessing.ts'
import type { ChannelSummary } from '../../core/scan/channelSummary.ts'
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
  /** Those that went through the network, `[N]`: the number of the image in each row of the summaries. */
  readonly images: Int32Array
  readonly skipped: readonly SkippedImage[]
  /** In the order of `ScanSettings.layers`; none where there is no image. */
  readonly summaries: readonly ChannelSummary[]
  /** Bytes that the backend holds after the batch. */
  readonly backendBytes: number
}

export class BatchScan {
  readonly #network: TapNetwork
  readonly #reader: PixelReader
  readonly #settings: ScanSettings
  #queue: Promise<unknown> = Promise.resolve()

  constructor(network: TapNetwork, reader: PixelReader, settings: ScanSettings) {
    this.#network = network
    this.#reader = reader
    this.#settings = settings
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
      const rows = [...batch.images.keys()].filter((row) => batch.images[row]! >= 0)
      return { batch, rows, summaries: rows.length > 0 ? this.#forward(batch) : [] }
    })
    // A batch that fails must not take the ones behind it along.
    this.#queue = passed.catch(() => undefined)
    const { batch, rows, summaries } = await passed
    return {
      images: Int32Array.from(rows, (row) => batch.images[row]!),
      skipped: batch.skipped,
      summaries: (await Promise.all(summaries)).map((summary) => rowsOf(summary, rows)),
      backendBytes: backendBytes(),
    }
  }

  /** One pass for all layers; each is reduced as soon as it is there, and its map freed. */
  #forward(batch: DecodedBatch): Promise<ChannelSummary>[] {
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
    return this.#settings.layers.map((layer) => summaries.get(layer)!)
  }
}

/** Without those of padding and of pictures that could not be decoded. */
function rowsOf({ channels, ...arrays }: ChannelSummary, rows: readonly number[]): ChannelSummary {
  const taken = <T extends Float32Array | Uint32Array | Uint8Array>(from: T): T => {
    const to = from.slice(0, rows.length * channels) as T
    for (const [n, row] of rows.entries())
      if (n !== row) to.set(from.subarray(row * channels, (row + 1) * channels), n * channels)
    return to
  }
  return {
    channels,
    max: taken(arrays.max),
    position: taken(arrays.position),
    min: taken(arrays.min),
    firing: taken(arrays.firing),
    nan: taken(arrays.nan),
  }
}
