/**
 * @file One worker's part of a scan: it takes batches of images and returns what was found in them. A batch is decoded as
 * soon as it comes in, also while the network runs over another one.
 */
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { elementCount } from '../../core/model/network.ts'
import type { ChannelSummary } from '../../core/scan/channelSummary.ts'
import { type BatchItem, decodeBatch, type DecodedRows, type SkippedImage } from '../images/decodeBatch.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import type { HandedPicture } from '../images/smallPicture.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { backendBytes } from '../backend/tfjsBackend.ts'
import { Passes } from './passes.ts'

export interface ScanSettings {
  /** Indices into the network's layers. */
  readonly layers: readonly number[]
  readonly preprocessing: Preprocessing
  /** The most images that a pass may take; the engine finds its own size up to that. */
  readonly maxPassSize: number
}

export interface BatchReport {
  /** The images that went through the network, `[N]`: the number of the image in each row of the summaries. */
  readonly images: Int32Array
  readonly skipped: readonly SkippedImage[]
  /** One for each of `ScanSettings.layers`, in that order; none if no image went through the network. */
  readonly summaries: readonly ChannelSummary[]
  /** Pictures for the page: those of small images, and reduced copies of large ones. */
  readonly pictures: readonly HandedPicture[]
  /** The number of images in a pass now: fewer than before if memory has run out. */
  readonly passSize: number
  /** Bytes that the backend holds after the batch. */
  readonly backendBytes: number
}

export class BatchScan {
  readonly #network: TapNetwork
  readonly #reader: PixelReader
  readonly #preprocessing: Preprocessing
  readonly #passes: Passes
  /** The rows of batches that have been through the network, for the next ones. */
  readonly #spareRows: Float32Array[] = []

  /** `passSize` is the number of images in a pass. For `makeRoom` see `Passes`. */
  constructor(
    network: TapNetwork,
    reader: PixelReader,
    settings: ScanSettings,
    passSize: number,
    makeRoom: () => boolean,
  ) {
    this.#network = network
    this.#reader = reader
    this.#preprocessing = settings.preprocessing
    this.#passes = new Passes(network, settings.layers, passSize, makeRoom)
  }

  /** Decodes any number of images and runs the network over them. Throws `OutOfMemory`, `backend/lost`. */
  async run(items: readonly BatchItem[]): Promise<BatchReport> {
    const { inputShape } = this.#network.network
    const rows = this.#spareRows.pop() ?? null
    const batch = await decodeBatch(items, items.length, inputShape, this.#preprocessing, this.#reader, rows)
    const report = { ...(await this.scan(batch)), pictures: batch.pictures }
    this.#spareRows.push(rows && rows.length > batch.data.length ? rows : batch.data)
    return report
  }

  /**
   * The same for images that the decoder has decoded, which also has their pictures. May move rows in `data`. Throws
   * `OutOfMemory`, `backend/lost`.
   */
  async scan({ data, images, skipped }: DecodedRows): Promise<BatchReport> {
    const rows = [...images.keys()].filter((row) => images[row]! >= 0)
    const rowSize = elementCount(this.#network.network.inputShape)
    for (const [to, row] of rows.entries())
      if (to !== row) data.copyWithin(to * rowSize, row * rowSize, (row + 1) * rowSize)
    return {
      images: Int32Array.from(rows, (row) => images[row]!),
      skipped,
      summaries: rows.length > 0 ? await this.#passes.run(data.subarray(0, rows.length * rowSize)) : [],
      pictures: [],
      passSize: this.#passes.size,
      backendBytes: backendBytes(),
    }
  }
}
