/**
 * @file What a scan has found in one layer: merged from the reports of all workers, batch by batch. Whatever the order of
 * the images and however they were shared out, the result is the same to the last bit. Memory: O(channels).
 */
import { ChannelRange } from './channelRange.ts'
import type { ChannelSummary } from './channelSummary.ts'
import type { Classes } from './classMeans.ts'
import type { LayerSnapshot, StatisticSnapshot } from './layerSnapshot.ts'
import { statistics } from './statistics/index.ts'
import type { Accumulator, ReadableResult, Rows, Statistic } from './statistics/statistic.ts'
import { TopK, type TopEntry } from './topK.ts'

/** The number of pairs of image and channel that are taken in at a time: some 5 ms on a slow machine. */
const pairsPerPart = 2 ** 16

export class LayerResult implements ReadableResult {
  readonly topK: TopK
  readonly range: ChannelRange
  /** Grows whenever what is shown of a channel's top, or its state, changes, `[channels]`; what is drawn compares it. */
  readonly versions: Uint32Array
  scanned = 0
  /** Images of the last summary that have entered what is shown of a channel's top. */
  readonly newcomers = new Set<number>()
  /** The number of units of a channel. */
  readonly units: number
  /** By the statistic's id: null if this layer does not have it. One that is missing was not counted for all of the images. */
  readonly #accumulators = new Map<string, Accumulator | null>()
  /** How many of each channel's top are shown: a change behind them draws nothing anew. */
  #shown: number
  /** The dead channels; null if they have to be found out. */
  #dead: number[] | null = null

  /**
   * `units` is the number of units of a channel: rows times columns of the layer's map. `kept` is how many of the highest
   * and of the lowest are kept, of which any number can be asked for. `classes` is null if there are no means of classes to
   * be found; `columns` is that of the layer's map, which is one row by default.
   */
  constructor(
    channels: number,
    units: number,
    kept: number,
    classes: Classes | null = null,
    columns: number = units,
  ) {
    this.units = units
    this.topK = new TopK(channels, kept)
    this.#shown = kept
    this.range = new ChannelRange(channels)
    for (const { id, counted } of statistics)
      if (counted) this.#accumulators.set(id, counted.begin({ channels, units, columns, kept, classes }))
    this.versions = new Uint32Array(channels)
  }

  /**
   * Sets how many of each channel are shown; until this is called, it is all that are kept. If they become more, some of those
   * may have changed unseen.
   */
  show(k: number): void {
    if (k > this.#shown) for (let c = 0; c < this.versions.length; c++) this.versions[c]! += 1
    this.#shown = k
  }

  /** Takes in a batch. `images[n]` is the number of the image in row n. Each image is to be absorbed once. */
  absorb(summary: ChannelSummary, images: Int32Array): void {
    const parts = this.absorbInParts(summary, images)
    while (!parts.next().done);
  }

  /**
   * Does the same in parts of a few milliseconds, for a caller that gives others a turn between them: each `next()` takes
   * in some rows. The result is whole after the last one.
   */
  *absorbInParts(summary: ChannelSummary, images: Int32Array): Generator<void, void> {
    const { channels, max } = summary
    const bits = new Uint32Array(max.buffer, max.byteOffset, max.length)
    const rows = Math.max(1, Math.floor(pairsPerPart / channels))
    this.newcomers.clear()
    for (let row = 0; row < images.length; row += rows) {
      if (row > 0) yield
      this.#absorbRows({ summary, bits, images, first: row, end: Math.min(row + rows, images.length) })
    }
  }

  #absorbRows(rows: Rows): void {
    const { summary, images, first, end } = rows
    const { versions } = this
    const { channels, max, position } = summary
    const dead = (this.#dead ??= this.#deadChannels())
    const couldTell = this.#canTell
    // From now on there is something to say of each channel, be it that it makes nothing but NaN.
    if (this.scanned === 0) for (let c = 0; c < versions.length; c++) versions[c]! += 1
    for (let row = first; row < end; row++) {
      const image = images[row]!
      const from = row * channels
      this.range.addRow(summary, from, from + channels)
      if (this.topK.offerRow(image, max, position, from, 1, versions, this.#shown)) this.newcomers.add(image)
    }
    for (const accumulator of this.#accumulators.values()) accumulator?.addRows(rows)
    this.scanned += end - first
    // A channel may turn out to be dead or alive without a new entry. Those that are alive stay so: only the dead are looked at.
    const changed = couldTell ? dead.filter((c) => !this.isDead(c)) : this.#deadChannels()
    for (const c of changed) versions[c]! += 1
    this.#dead = couldTell ? dead.filter((c) => this.isDead(c)) : changed
  }

  snapshot(): LayerSnapshot {
    const { highest, lowest, nanImages } = this.range
    const counted: Record<string, StatisticSnapshot> = {}
    for (const statistic of statistics) {
      const accumulator = this.#accumulators.get(statistic.id)
      if (statistic.counted && accumulator !== undefined)
        counted[statistic.id] = {
          version: statistic.counted.version,
          sums: accumulator?.snapshot() ?? null,
        }
    }
    return {
      units: this.units,
      scanned: this.scanned,
      topK: this.topK.snapshot(),
      range: { highest: highest.slice(), lowest: lowest.slice(), nanImages: nanImages.slice() },
      statistics: counted,
    }
  }

  /**
   * Takes in what another result of the same layer and classes, which has kept no fewer, has found in other images; an
   * empty result becomes the other one, as far as it keeps it. A statistic that the other one does not have in this version
   * is not known from now on. Throws `RangeError` if the snapshot does not fit.
   */
  restore(snapshot: LayerSnapshot): void {
    if (snapshot.units !== this.units)
      throw new RangeError(`a snapshot of ${snapshot.units} units a channel for ${this.units}`)
    this.topK.add(snapshot.topK)
    this.range.merge(snapshot.range)
    for (const statistic of statistics) this.#restore(statistic, snapshot.statistics[statistic.id])
    this.scanned += snapshot.scanned
    for (let c = 0; c < this.versions.length; c++) this.versions[c]! += 1
    this.#dead = null
  }

  #restore({ id, counted }: Statistic, snapshot: StatisticSnapshot | undefined): void {
    const accumulator = this.#accumulators.get(id)
    if (!counted || accumulator === undefined) return
    if (snapshot?.version !== counted.version) this.#accumulators.delete(id)
    else if ((snapshot.sums === null) !== (accumulator === null))
      throw new RangeError(`a snapshot with ${id} for a result without, or the other way round`)
    else accumulator?.add(snapshot.sums)
  }

  /**
   * A dead channel has one value in every unit of every image: it tells nothing, and every patch is as good. A single unit of
   * a single image does not make it one.
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

  /** How many of the highest and of the lowest are kept. */
  get kept(): number {
    return this.topK.k
  }

  /** The best k of those that are kept, best first; none for a dead channel. */
  top(channel: number, k: number): TopEntry[] {
    return this.isDead(channel) ? [] : this.topK.entries(channel, k)
  }

  of<Value>(statistic: Statistic<Value>, channel: number): Value | null {
    if (!statistic.counted) return statistic.derive?.(this, channel) ?? null
    const accumulator = this.#accumulators.get(statistic.id) as Accumulator<Value> | null | undefined
    return accumulator?.of(channel, this) ?? null
  }

  get nanChannels(): number {
    return this.range.nanImages.reduce((count, images) => count + (images > 0 ? 1 : 0), 0)
  }

  /** The memory that it takes now. It grows a little while new sizes of activations turn up, and not with the images. */
  get bytes(): number {
    let bytes = this.versions.byteLength + this.topK.bytes + this.range.bytes
    for (const accumulator of this.#accumulators.values()) bytes += accumulator?.bytes ?? 0
    return bytes
  }
}
