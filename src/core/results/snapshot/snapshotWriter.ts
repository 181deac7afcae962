/**
 * @file Writes a snapshot piece by piece: arrays first, layer by layer, then the JSON that says where they lie. Equal results make
 * equal files: nothing in them depends on when, in how many parts or on how many workers was scanned.
 */
import { lossRecord } from '../../reasons/lossRecord.ts'
import type { LayerSnapshot } from '../../scan/layerSnapshot.ts'
import type { StoredArray } from '../../scan/storedArrays.ts'
import { alignment, type ArrayAt, packed, typeOf } from './packed.ts'
import {
  preambleBytes,
  type SnapshotFacts,
  snapshotFormat,
  snapshotMagic,
  snapshotVersion,
  type StoredImages,
  type StoredLayerFacts,
  type StoredScan,
} from './snapshotHead.ts'

export interface SnapshotContent {
  readonly facts: SnapshotFacts
  readonly images: StoredImages
  readonly scans: readonly StoredScan[]
}

/** Takes in bytes of the file in their order. They are not changed afterwards. */
type Sink = (bytes: Uint8Array<ArrayBuffer>) => void

export class SnapshotWriter {
  readonly #sink: Sink
  readonly #encode: (text: string) => Uint8Array<ArrayBuffer>
  readonly #head: Readonly<Record<string, unknown>>
  readonly #layers: unknown[] = []
  #at = preambleBytes

  /** What `sink` gets comes behind the preamble, which `end` makes. `encode` makes UTF-8. */
  constructor(
    { facts, images, scans }: SnapshotContent,
    encode: (text: string) => Uint8Array<ArrayBuffer>,
    sink: Sink,
  ) {
    this.#sink = sink
    this.#encode = encode
    const { model, preprocessing, k, backend, selection, notes, images: set } = facts
    const { numbers, paths, classes, skipped } = images
    // Key by key, as equal facts have to make equal files.
    this.#head = {
      format: snapshotFormat,
      version: snapshotVersion,
      model: {
        name: model.name,
        sha256: model.sha256,
        inputShape: model.inputShape,
        inputSize: model.inputSize,
      },
      preprocessing,
      k,
      backend,
      selection: { classes: selection.classes, splits: selection.splits, shard: selection.shard },
      ...(notes ? { notes } : {}),
      images: {
        name: set.name,
        count: set.count,
        digest: set.digest,
        fingerprint: set.fingerprint,
        index: set.index,
        classNames: set.classNames,
        skipped: [...skipped].toSorted(([a], [b]) => a - b).map(([image, reason]) => ({ image, reason })),
        numbers: this.#store(numbers),
        paths: this.#store(encode(paths.join('\0'))),
        classes: this.#store(classes),
      },
      scans: scans.map((scan) => ({
        sample: scan.sample,
        chosen: scan.chosen,
        images: this.#store(scan.images),
      })),
      range: [preambleBytes, this.#at],
    }
  }

  layer({ losses, ...facts }: StoredLayerFacts, snapshot: LayerSnapshot): void {
    const start = this.#at
    const store = (array: StoredArray): ArrayAt => this.#store(array)
    const [places, result] = [packed(facts.places, store), packed(snapshot, store)]
    const ablation = losses ? { ablation: lossRecord(losses) } : {}
    this.#layers.push({ ...facts, places, result, range: [start, this.#at], ...ablation })
  }

  /** Writes the JSON, and returns the file's first bytes. */
  end(): Uint8Array<ArrayBuffer> {
    const head = this.#encode(JSON.stringify({ ...this.#head, layers: this.#layers }))
    this.#sink(head)
    const preamble = new Uint8Array(preambleBytes)
    const view = new DataView(preamble.buffer)
    preamble.set(snapshotMagic)
    view.setUint32(8, snapshotVersion, true)
    view.setBigUint64(16, BigInt(this.#at), true)
    view.setBigUint64(24, BigInt(head.length), true)
    return preamble
  }

  #store(array: StoredArray): ArrayAt {
    const start = this.#at
    const { buffer, byteOffset, byteLength, length } = array
    this.#sink(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength))
    const padding = -byteLength & (alignment - 1)
    if (padding > 0) this.#sink(new Uint8Array(padding))
    this.#at += byteLength + padding
    return { array: typeOf(array), start, length }
  }
}
