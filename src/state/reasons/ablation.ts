/**
 * @file What the network does with a channel that is changed: for one image, over many, and for all channels of a layer. The images of
 * a sample go through the network in fixed batches, each at one engine, so the numbers do not depend on how many engines there are.
 */
import type { SupportedLayer } from '../../core/model/network.ts'
import { channelCount } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { ChannelChange, AblationBatch, AblationReport } from '../../engine/reasons/ablations.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Remote } from '../../rpc/remote.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import type { EnginePool } from '../workers/enginePool.ts'
import { acrossEngines, untilFree } from './acrossEngines.ts'

/** The images of a batch. */
const batchSize = 16
/** Bytes of maps that all engines together keep. */
const keptBytes = 512e6
/** Milliseconds that an engine should take for a call, so that others come between two. */
const callMs = 250

/** All that the numbers depend on, but the channel. */
export interface AblationPlace {
  readonly model: OpenModel
  readonly images: ImageSet
  readonly preprocessing: Preprocessing
  /** Index into the network's layers. */
  readonly layer: number
  /** All images that may be in the sample, in the order in which samples take them. */
  readonly order: Int32Array
}

/** What the undisturbed network does with a sample of the images. */
export interface Baseline {
  /** Those that could be read, in the order of the sample. */
  readonly images: Int32Array
  /** `[N, outputs]` */
  readonly rows: Float32Array
  readonly outputs: number
  /** The mean of each channel of the layer over all units of these images, `[channels]`. */
  readonly means: Float64Array
}

interface Batch {
  /** Places in the order of the sample: `[from, to)`. */
  readonly from: number
  readonly to: number
}

interface BatchBaseline {
  readonly images: Int32Array
  readonly rows: Float32Array
  /** The sum of each channel over all units of all images. */
  readonly sums: Float64Array
  readonly units: number
}

let lastSet = 0

/** Ablations of one layer. */
export class Ablation {
  readonly place: AblationPlace
  readonly channels: number
  readonly #pool: EnginePool
  readonly #isScanning: () => boolean
  readonly #set = ++lastSet
  /** Single images, of which no others must be kept. */
  readonly #singles = ++lastSet
  readonly #known = new Map<string, BatchBaseline>()

  /** `isScanning` says whether a scan needs the engines now. */
  constructor(pool: EnginePool, place: AblationPlace, isScanning: () => boolean) {
    this.#pool = pool
    this.place = place
    this.#isScanning = isScanning
    this.channels = channelCount((place.model.network.layers[place.layer] as SupportedLayer).shape)
  }

  /** Runs one image, also beside a scan. Rejects with `images/…` and with what stops engines. */
  async one(image: number, changes: readonly ChannelChange[]): Promise<AblationReport> {
    const handle = await this.place.images.handleOf(image)
    const batch = { ...this.#shared(), items: [{ image, handle }], set: this.#singles, batch: image }
    return this.#pool.borrow((engine) => engine.ablate(batch, changes), this.#isScanning)
  }

  /** The undisturbed network over the first `count` images of the sample. `onDone` is told how many are done. */
  async baseline(
    count: number,
    signal: AbortSignal,
    onDone: (count: number) => void = ignore,
  ): Promise<Baseline> {
    await this.#each(count, signal, onDone, async (engine, batch) => {
      if (!this.#known.has(keyOf(batch))) await this.#ablate(engine, batch, [], signal)
    })
    return this.#baselineOf(count)
  }

  /** The outputs of these images if a channel is changed, `[N, outputs]`, and the baseline. */
  async changed(
    count: number,
    change: ChannelChange,
    signal: AbortSignal,
    onDone: (count: number) => void = ignore,
  ): Promise<{ readonly rows: Float32Array; readonly baseline: Baseline }> {
    const parts = new Map<number, Float32Array>()
    await this.#each(count, signal, onDone, async (engine, batch) => {
      const { outputs } = await this.#ablate(engine, batch, [change], signal)
      parts.set(batch.from, outputs.subarray(outputs.length / 2))
    })
    const baseline = this.#baselineOf(count)
    return { rows: joined(batchesOf(count).map(({ from }) => parts.get(from)!)), baseline }
  }

  /**
   * Changes channel after channel of each batch that is not `isDone`. `onBatch` gets the outputs of a batch of images for each
   * channel, `[channels][N, outputs]`, and where the batch begins among the images of the baseline.
   */
  async each(
    count: number,
    changeOf: (channel: number) => ChannelChange,
    isDone: (at: number) => boolean,
    onBatch: (at: number, images: number, ofChannel: readonly Float32Array[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const starts = new Map<number, number>()
    let at = 0
    for (const batch of batchesOf(count)) {
      starts.set(batch.from, at)
      at += this.#known.get(keyOf(batch))!.images.length
    }
    // The first call of an engine tells how long a channel takes.
    let most = 1
    await this.#each(count, signal, ignore, async (engine, batch) => {
      const start = starts.get(batch.from)!
      const { images } = this.#known.get(keyOf(batch))!
      if (images.length === 0 || isDone(start)) return
      const found: Float32Array[] = []
      while (found.length < this.channels) {
        const first = found.length
        const changes = Array.from({ length: Math.min(most, this.channels - first) }, (_, i) =>
          changeOf(first + i),
        )
        const began = performance.now()
        const { outputs } = await this.#ablate(engine, batch, changes, signal)
        const length = outputs.length / (1 + changes.length)
        for (let i = 1; i <= changes.length; i++) found.push(outputs.subarray(i * length, (i + 1) * length))
        const ms = performance.now() - began
        most = Math.max(1, Math.min(2 * most, Math.floor((callMs * changes.length) / Math.max(1, ms))))
      }
      onBatch(start, images.length, found)
    })
  }

  /** Frees what engines keep, if they are alive. */
  async forget(): Promise<void> {
    await Promise.allSettled(this.#pool.engines().map(async (engine) => (await engine).forgetAblations()))
  }

  async #each(
    count: number,
    signal: AbortSignal,
    onDone: (count: number) => void,
    task: (engine: Remote<Engine>, batch: Batch) => Promise<void>,
  ): Promise<void> {
    let done = 0
    const each = async (engine: Remote<Engine>, batch: Batch): Promise<void> => {
      await task(engine, batch)
      done += batch.to - batch.from
      onDone(done)
    }
    await acrossEngines(this.#pool, batchesOf(count), each, signal)
  }

  async #ablate(
    engine: Remote<Engine>,
    batch: Batch,
    changes: readonly ChannelChange[],
    signal: AbortSignal,
  ): Promise<AblationReport> {
    await untilFree(this.#isScanning, signal)
    const { images, order } = this.place
    const opened = [...order.subarray(batch.from, batch.to)].map(async (image) => {
      // An image that has gone is left out, as one that is no picture.
      const handle = await images.handleOf(image).catch(() => null)
      return handle === null ? null : { image, handle }
    })
    const items = (await Promise.all(opened)).filter((item) => item !== null)
    signal.throwIfAborted()
    const number = batch.from * 2 * batchSize + (batch.to - batch.from)
    const report = await engine.ablate({ ...this.#shared(), items, set: this.#set, batch: number }, changes)
    if (!this.#known.has(keyOf(batch)))
      this.#known.set(keyOf(batch), this.#baselineIn(report, changes.length))
    return report
  }

  #baselineIn({ images, outputs, sums, units }: AblationReport, changes: number): BatchBaseline {
    const all = new Float64Array(this.channels)
    for (let i = 0; i < sums.length; i++) all[i % this.channels]! += sums[i]!
    return { images, rows: outputs.slice(0, outputs.length / (1 + changes)), sums: all, units }
  }

  #baselineOf(count: number): Baseline {
    const parts = batchesOf(count).map((batch) => this.#known.get(keyOf(batch))!)
    const images = Int32Array.from(parts.flatMap((part) => [...part.images]))
    const rows = joined(parts.map((part) => part.rows))
    const means = new Float64Array(this.channels)
    for (const { sums } of parts) for (const [c, sum] of sums.entries()) means[c]! += sum
    const units = images.length * (parts.find((part) => part.units > 0)?.units ?? 0)
    return { images, rows, outputs: rows.length / images.length, means: means.map((sum) => sum / units) }
  }

  #shared(): Pick<AblationBatch, 'layer' | 'preprocessing' | 'keep'> {
    const { layer, preprocessing } = this.place
    return { layer, preprocessing, keep: keptBytes / this.#pool.size }
  }
}

function ignore(): void {}

function batchesOf(count: number): Batch[] {
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, i) => ({
    from: i * batchSize,
    to: Math.min(count, (i + 1) * batchSize),
  }))
}

function keyOf({ from, to }: Batch): string {
  return `${from} ${to}`
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
