/**
 * @file What a scan knows of one layer: merged from the reports of all workers, batch by batch. Whatever the order of
 * the images and however they were shared out, the result is the same to the last bit. Memory: O(channels).
 */
import { ChannelRange } from './channelRange.ts'
import { ChannelStatistics, type Statistics, type StatisticsSnapshot } from './channelStatistics.ts'
import type { ChannelSummary } from './channelSummary.ts'
import { type Classes, ClassMeans, type ClassMeansSnapshot } from './classMeans.ts'
import { ImageSample, type QuantileGroup, quantileGroupsOf, type SampleSnapshot } from './imageSample.ts'
import type { ReadableResult } from './readableResult.ts'
import { TopK, type TopEntry, type TopKSnapshot } from './topK.ts'

/** All of it as plain data, to be stored. Equal results have equal snapshots. */
export interface LayerSnapshot {
  readonly units: number
  readonly scanned: number
  readonly topK: TopKSnapshot
  readonly lowestK: TopKSnapshot
  readonly range: Pick<ChannelRange, 'highest' | 'lowest' | 'nanImages'>
  readonly statistics: StatisticsSnapshot
  readonly sample: SampleSnapshot
  readonly classMeans: ClassMeansSnapshot | null
}

/** Pairs of image and channel that are taken in at a time: some 5 ms on a slow machine. */
const pairsPerPart = 2 ** 16

export class LayerResult implements ReadableResult {
  readonly topK: TopK
  readonly range: ChannelRange
  /** Null where there are no classes, or too many. */
  readonly classMeans: ClassMeans | null
  /** Grows whenever what is shown of a channel's top, or its state, changes, `[channels]`; what is drawn compares it. */
  readonly versions: Uint32Array
  scanned = 0
  /** Images of the last summary that have entered what is shown of a channel's top. */
  readonly newcomers = new Set<number>()
  /** Of a channel. */
  readonly units: number
  /** Of negated activations. */
  readonly #lowestK: TopK
  readonly #statistics: ChannelStatistics
  readonly #sample: ImageSample
  /** Of each channel; behind them nothing is drawn anew. */
  #shown: number
  /** Those that are dead; null where it has to be found out. */
  #dead: number[] | null = null

  /**
   * `units` is the number of units of a channel: rows times columns of the layer's map. `kept`: so many of the highest
   * and of the lowest, of which any number can be asked for. `classes`: null where there are no means of classes to be
   * found.
   */
  constructor(channels: number, units: number, kept: number, classes: Classes | null = null) {
    this.units = units
    this.topK = new TopK(channels, kept)
    this.#shown = kept
    this.#lowestK = new TopK(channels, kept)
    this.range = new ChannelRange(channels)
    this.#statistics = new ChannelStatistics(channels)
    this.#sample = new ImageSample(channels, units)
    this.classMeans = classes && new ClassMeans(channels, classes)
    this.versions = new Uint32Array(channels)
  }

  /**
   * So many of each channel are shown from now on; all that are kept until this is called. Where they become more, some of
   * those may have changed unseen.
   */
  show(k: number): void {
    if (k > this.#shown) for (let c = 0; c < this.versions.length; c++) this.versions[c]! += 1
    this.#shown = k
  }

  /** `images[n]` is the number of the image in row n. Each image is to be absorbed once. */
  absorb(summary: ChannelSummary, images: Int32Array): void {
    const parts = this.absorbInParts(summary, images)
    while (!parts.next().done);
  }

  /**
   * The same in parts of a few milliseconds, for a caller that gives others a turn between them: each `next()` takes
   * in some rows. The result is whole after the last one.
   */
  *absorbInParts(summary: ChannelSummary, images: Int32Array): Generator<void, void> {
    const { channels, max } = summary
    const bits = new Uint32Array(max.buffer, max.byteOffset, max.length)
    const rows = Math.max(1, Math.floor(pairsPerPart / channels))
    this.newcomers.clear()
    for (let row = 0; row < images.length; row += rows) {
      if (row > 0) yield
      this.#absorbRows(summary, bits, images, row, Math.min(row + rows, images.length))
    }
  }

  /** `bits` is the memory of the maxima. */
  #absorbRows(
    summary: ChannelSummary,
    bits: Uint32Array,
    images: Int32Array,
    firstRow: number,
    endRow: number,
  ): void {
    const { versions } = this
    const { channels, max, position } = summary
    const dead = (this.#dead ??= this.#deadChannels())
    const couldTell = this.#canTell
    // From now on there is something to be said of each, be it that it makes nothing but NaN.
    if (this.scanned === 0) for (let c = 0; c < versions.length; c++) versions[c]! += 1
    for (let row = firstRow; row < endRow; row++) {
      const image = images[row]!
      const from = row * channels
      const to = from + channels
      this.range.addRow(summary, from, to)
      this.#statistics.addRow(summary, bits, from, to)
      this.#sample.offer(image, max, position, from, to)
      this.classMeans?.addRow(image, max, bits, from, to)
      if (this.topK.offerRow(image, max, position, from, 1, versions, this.#shown)) this.newcomers.add(image)
      this.#lowestK.offerRow(image, max, position, from, -1)
    }
    this.scanned += endRow - firstRow
    // Dead or alive may change without a new entry. Who is alive stays so: only the few that are dead are looked at.
    const changed = couldTell ? dead.filter((c) => !this.isDead(c)) : this.#deadChannels()
    for (const c of changed) versions[c]! += 1
    this.#dead = couldTell ? dead.filter((c) => this.isDead(c)) : changed
  }

  snapshot(): LayerSnapshot {
    const { highest, lowest, nanImages } = this.range
    return {
      units: this.units,
      scanned: this.scanned,
      topK: this.topK.snapshot(),
      lowestK: this.#lowestK.snapshot(),
      range: { highest: highest.slice(), lowest: lowest.slice(), nanImages: nanImages.slice() },
      statistics: this.#statistics.snapshot(),
      sample: this.#sample.snapshot(),
      classMeans: this.classMeans?.snapshot() ?? null,
    }
  }

  /**
   * Takes in what another result of the same layer and classes, which has kept no fewer, has found in other images; an
   * empty result becomes the other one, as far as it keeps it. Throws `RangeError` where the snapshot does not fit.
   */
  restore(snapshot: LayerSnapshot): void {
    if (snapshot.units !== this.units)
      throw new RangeError(`a snapshot of ${snapshot.units} units a channel for ${this.units}`)
    if ((snapshot.classMeans === null) !== (this.classMeans === null))
      throw new RangeError('a snapshot with classes for a result without, or the other way round')
    this.topK.add(snapshot.topK)
    this.#lowestK.add(snapshot.lowestK)
    this.range.merge(snapshot.range)
    this.#statistics.add(snapshot.statistics)
    this.#sample.add(snapshot.sample)
    if (snapshot.classMeans) this.classMeans?.add(snapshot.classMeans)
    this.scanned += snapshot.scanned
    for (let c = 0; c < this.versions.length; c++) this.versions[c]! += 1
    this.#dead = null
  }

  /**
   * One value in every unit of every image: such a channel tells nothing, and every patch is as good. A single unit
   * of a single image tells neither.
   */
  isDead(channel: number): boolean {
    return this.#canTell && this.range.isConstant(channel)
  }

  get #canTell(): boolean {
    return this.scanned * this.units > 1
  }

  #deadChannels(): number[] {
    const dead: number[] = []
    for (let c = 0; c < this.versions.length; c++) if (this.isDead(c)) dead.push(c)
    return dead
  }

  get channels(): number {
    return this.topK.channels
  }

  highest(channel: number): number {
    return this.range.highest[channel]!
  }

  /** How many of the highest and of the lowest there can be. */
  get kept(): number {
    return this.topK.k
  }

  /** The best k of those that are kept, best first; none for a dead channel. */
  top(channel: number, k: number): TopEntry[] {
    return this.isDead(channel) ? [] : this.topK.entries(channel, k)
  }

  /** The k images with the lowest maxima, lowest first, then by number; none for a dead channel. */
  lowest(channel: number, k: number): TopEntry[] {
    if (this.isDead(channel)) return []
    return this.#lowestK.entries(channel, k).map((entry) => ({ ...entry, activation: 0 - entry.activation }))
  }

  /** Images from ten quantiles of the maxima, in a sample of the images; none for a dead channel. */
  quantiles(channel: number): QuantileGroup[] {
    return this.isDead(channel) ? [] : quantileGroupsOf(this.#sample.sorted(channel))
  }

  statistics(channel: number): Statistics {
    return this.#statistics.of(channel)
  }

  get nanChannels(): number {
    return this.range.nanImages.reduce((count, images) => count + (images > 0 ? 1 : 0), 0)
  }

  /** What it takes now. It grows a little while new sizes of activations turn up, and not with the images. */
  get bytes(): number {
    const columns = [this.topK, this.#lowestK, this.#statistics, this.#sample, this.range]
    const own = this.versions.byteLength + (this.classMeans?.bytes ?? 0)
    return columns.reduce((sum, { bytes }) => sum + bytes, own)
  }
}
