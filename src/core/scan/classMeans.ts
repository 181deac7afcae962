/** @file The mean of the maxima of each class's images in each channel, exact whatever the order of the images. */
import { sentence } from '../errors.ts'
import { ExactSums, unitExponent } from './exactSum.ts'
import type { ColumnsSnapshot } from './lazyColumns.ts'
import { ratio } from './ratio.ts'

export interface Classes {
  readonly count: number
  /** The class of each image, by the image's number; -1 if it has none. */
  readonly of: Int32Array
}

/** The most means, that is classes times channels, of one layer and of all layers of a scan. Each takes some 30 bytes. */
export const maxMeans = 1_000_000
export const maxMeansOfScan = 4_000_000

/**
 * Which of the layers of a scan, given by their numbers of channels, get means of classes: as many as there is memory
 * for, the last ones first, as classes part late in a network.
 */
export function layersWithClasses(channels: readonly number[], classes: number): boolean[] {
  const chosen = channels.map(() => false)
  let left = maxMeansOfScan
  for (let i = channels.length - 1; i >= 0; i--) {
    const means = channels[i]! * classes
    if (means === 0 || means > Math.min(maxMeans, left)) continue
    chosen[i] = true
    left -= means
  }
  return chosen
}

/** Why a layer has no means of classes. */
export function whyNoClasses(channels: number, classes: number): string {
  return channels * classes > maxMeans
    ? sentence('scan/classes-of-layer', { classes, channels, most: maxMeans })
    : sentence('scan/classes-of-scan', { most: maxMeansOfScan })
}

export interface ClassMean {
  readonly classNumber: number
  /** The number of images of the class with a finite maximum. */
  readonly images: number
  /** The mean of their maxima, rounded once. */
  readonly mean: number
}

export class ClassMeans {
  readonly classes: Classes
  readonly #channels: number
  /** `[classes, channels]`, as `#leftOut`. */
  readonly #sums: ExactSums
  /** The number of images of each class. */
  readonly #images: Uint32Array
  /** The number of images with a maximum that is not finite; null until there is one. */
  #leftOut: Uint32Array | null = null

  constructor(channels: number, classes: Classes) {
    this.#channels = channels
    this.classes = classes
    this.#sums = new ExactSums(classes.count * channels)
    this.#images = new Uint32Array(classes.count)
  }

  /** Takes in one image; `bits` is the memory of `max`. */
  addRow(image: number, max: Float32Array, bits: Uint32Array, from: number, to: number): void {
    const classNumber = this.classes.of[image]!
    if (classNumber < 0) return
    const cell = classNumber * this.#channels
    this.#images[classNumber]! += 1
    this.#sums.addRow(max, bits, from, to, cell)
    for (let i = from; i < to; i++) if (!Number.isFinite(max[i]!)) this.#leaveOut(cell + i - from, 1)
  }

  #leaveOut(cell: number, count: number): void {
    this.#leftOut ??= new Uint32Array(this.#images.length * this.#channels)
    this.#leftOut[cell]! += count
  }

  /** The means of the classes that have images, by number. */
  means(channel: number): ClassMean[] {
    const means: ClassMean[] = []
    for (const [classNumber, all] of this.#images.entries()) {
      const cell = classNumber * this.#channels + channel
      const images = all - (this.#leftOut?.[cell] ?? 0)
      if (images > 0)
        means.push({ classNumber, images, mean: ratio(this.#sums.total(cell), BigInt(images), unitExponent) })
    }
    return means
  }

  snapshot(): ClassMeansSnapshot {
    return {
      images: this.#images.slice(),
      sums: this.#sums.snapshot(),
      leftOut: this.#leftOut?.slice() ?? null,
    }
  }

  /** Adds the sums and counts of other images. Throws `RangeError` if the snapshot is of other classes or channels. */
  add({ images, sums, leftOut }: ClassMeansSnapshot): void {
    if (images.length !== this.#images.length)
      throw new RangeError(`a snapshot of ${images.length} classes for ${this.#images.length}`)
    this.#sums.add(sums)
    for (const [classNumber, count] of images.entries()) this.#images[classNumber]! += count
    if (leftOut) for (const [cell, count] of leftOut.entries()) if (count > 0) this.#leaveOut(cell, count)
  }

  get bytes(): number {
    return this.#sums.bytes + this.#images.byteLength + (this.#leftOut?.byteLength ?? 0)
  }
}

export interface ClassMeansSnapshot {
  readonly images: Uint32Array
  readonly sums: ColumnsSnapshot<Float64Array>
  readonly leftOut: Uint32Array | null
}
