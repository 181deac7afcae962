/** @file For each class the mean of its images' maxima, and how many of the top patches are of it. */
import { count, finite, list, object, optional, type ReadBy, text } from '../../fields.ts'
import { type ClassMean, ClassMeans, type ClassMeansSnapshot, type Classes } from '../classMeans.ts'
import { topOfClasses } from '../classShares.ts'
import type { Accumulator, Rows, Statistic } from './statistic.ts'

class Means implements Accumulator<ClassMean[], ClassMeansSnapshot> {
  readonly #means: ClassMeans

  constructor(channels: number, classes: Classes) {
    this.#means = new ClassMeans(channels, classes)
  }

  addRows({ summary: { channels, max }, bits, images, first, end }: Rows): void {
    for (let row = first; row < end; row++)
      this.#means.addRow(images[row]!, max, bits, row * channels, (row + 1) * channels)
  }

  of(channel: number): ClassMean[] {
    return this.#means.means(channel)
  }

  snapshot(): ClassMeansSnapshot {
    return this.#means.snapshot()
  }

  add(snapshot: ClassMeansSnapshot): void {
    this.#means.add(snapshot)
  }

  get bytes(): number {
    return this.#means.bytes
  }
}

export interface ClassRecord {
  readonly class: string
  /** The number of images of the class with a finite maximum. */
  readonly images: number
  /** The mean of their maxima, exact and rounded once. */
  readonly mean: number
  /** How many of the channel's `top` are of the class. */
  readonly top: number
}

const fields = { classes: optional(list(object({ class: text, images: count, mean: finite, top: count }))) }

export interface ClassColumns {
  readonly starts: Uint32Array
  /** Numbers in the file's list of classes. */
  readonly names: Int32Array
  /** `[entries, 3]`: images, mean, how many of the top. */
  readonly numbers: Float64Array
}

/** The means of the classes that have images, by number. Null if the images have no classes, or too many. */
export const classMeans = {
  id: 'classes',
  counted: {
    version: 1,
    begin: ({ channels, classes }): Accumulator<ClassMean[]> | null =>
      classes && new Means(channels, classes),
  },
  shown: (means, { classNumber }) =>
    means.map((mean) => ({ ...mean, classNumber: classNumber(mean.classNumber) })),
  record: {
    within: 'channel',
    /** Not there if images have no classes or the channel is dead: the classes that have images, by name. */
    write(means, { channel, result, k, table }): { readonly classes?: readonly ClassRecord[] } {
      if (result.isDead(channel)) return {}
      const top = topOfClasses(result, channel, k, table.classOf)
      return {
        classes: means.map(({ classNumber, images, mean }) => ({
          class: table.classNames[classNumber]!,
          images,
          mean,
          top: top.get(classNumber) ?? 0,
        })),
      }
    },
    fields,
    gather({ classOf }) {
      const starts = [0]
      const names: number[] = []
      const numbers: number[] = []
      return {
        add(read) {
          for (const { class: name, images, mean, top } of (read as ReadBy<typeof fields>).classes ?? []) {
            names.push(classOf(name))
            numbers.push(images, mean, top)
          }
          starts.push(names.length)
        },
        columns: ({ ranks }) => ({
          starts: Uint32Array.from(starts),
          names: Int32Array.from(names, (number) => ranks.classes[number]!),
          numbers: Float64Array.from(numbers),
        }),
      }
    },
    read({ starts, names, numbers }, channel, { classNumber }) {
      const means: ClassMean[] = []
      for (let at = starts[channel]!; at < starts[channel + 1]!; at++)
        means.push({
          classNumber: classNumber(names[at]!),
          images: numbers[3 * at]!,
          mean: numbers[3 * at + 1]!,
        })
      return means
    },
  },
} as const satisfies Statistic<readonly ClassMean[], ClassColumns>

/** How many of the top patches the file says to be of each class that has any, by the file's numbers of classes. */
export function topInFile({ starts, names, numbers }: ClassColumns, channel: number): [number, number][] {
  const counts: [number, number][] = []
  for (let at = starts[channel]!; at < starts[channel + 1]!; at++) {
    const top = numbers[3 * at + 2]!
    if (top > 0) counts.push([names[at]!, top])
  }
  return counts
}
