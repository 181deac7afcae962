/** @file Selects which of the opened images are scanned: some classes or splits of them, and a sample of those. */
import { appError } from '../errors.ts'
import { nearestNames } from '../nearestNames.ts'
import type { ImageTable } from './imageTable.ts'
import { seededRandom, shuffle } from '../seededRandom.ts'

export interface Selection {
  /** Names of the chosen classes; null means all images, including those without a class. */
  readonly classes: readonly string[] | null
  /** Names of the chosen splits, such as train; null means all images. */
  readonly splits: readonly string[] | null
  readonly sample: Sample
  /** The part of the sample that is taken; absent: all of it. */
  readonly shard?: Shard
}

/** Every n-th of the chosen images by path, from the i-th on: `[i, n]`, 1 ≤ i ≤ n. All n of them together are the choice. */
export type Shard = readonly [part: number, of: number]

/**
 * Which of the images in the chosen classes and splits are taken: all, the first ones in scanning order, or so many at
 * random. The same seed draws the same images in the same order. A random sample gives a quick look at a million images
 * in which each has the same chance.
 */
export type Sample = 'all' | { readonly first: number } | { readonly random: number; readonly seed: number }

export const everything: Selection = { classes: null, splits: null, sample: 'all' }

/** Whether two selections are samples of the same images: the same classes and splits, in the same order. */
export function sameGroups(
  a: Pick<Selection, 'classes' | 'splits'>,
  b: Pick<Selection, 'classes' | 'splits'>,
): boolean {
  return JSON.stringify([a.classes, a.splits]) === JSON.stringify([b.classes, b.splits])
}

type Labelled = Pick<ImageTable, 'order' | 'classNames' | 'classOf'> &
  Partial<Pick<ImageTable, 'splits' | 'splitOf'>>

/** The selected images' numbers, in scanning order. Throws `selection/unknown` if a class or split does not exist. */
export function selectImages(table: Labelled, { shard, ...whole }: Selection): Uint32Array {
  const chosen = selectWhole(table, whole)
  if (!shard) return chosen
  const [part, of] = shard
  const mine = new Set(chosen.toSorted().filter((_, rank) => rank % of === part - 1))
  return chosen.filter((image) => mine.has(image))
}

function selectWhole(table: Labelled, { classes, splits, sample }: Omit<Selection, 'shard'>): Uint32Array {
  const inClass = membership('class', table.classNames, table.classOf, classes)
  const inSplit = membership('split', table.splits ?? [], table.splitOf ?? null, splits)
  const filtered =
    inClass === null && inSplit === null
      ? table.order
      : table.order.filter((image) => (inClass?.(image) ?? true) && (inSplit?.(image) ?? true))
  if (sample === 'all') return filtered
  if ('first' in sample) return filtered.subarray(0, sample.first)
  return drawn(filtered, sample.random, sample.seed)
}

function membership(
  kind: string,
  names: readonly string[],
  numberOf: ArrayLike<number> | null,
  wanted: readonly string[] | null,
): ((image: number) => boolean) | null {
  if (wanted === null) return null
  const numbers = new Set(
    wanted.map((name) => {
      const number = names.indexOf(name)
      if (number < 0)
        throw appError('selection/unknown', {
          kind,
          name,
          known: nearestNames(name, names),
        })
      return number
    }),
  )
  return (image) => numbers.has(numberOf![image]!)
}

/**
 * Draws `count` different images by Floyd's algorithm, which makes every set equally likely, and shuffles them, so that already the first mosaics show all classes.
 */
function drawn(images: Uint32Array, count: number, seed: number): Uint32Array {
  if (count >= images.length) return images
  const random = seededRandom(seed)
  const indices = new Set<number>()
  for (let last = images.length - count; last < images.length; last++) {
    const index = Math.floor(random() * (last + 1))
    indices.add(indices.has(index) ? last : index)
  }
  const sample = Uint32Array.from(indices, (index) => images[index]!)
  shuffle(sample, random)
  return sample
}

/** Reads a shard as the command line writes it: `3/20`. Throws `setting/unknown`. */
export function parseShard(text: string): Shard {
  const [, part, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(text.trim())?.map(Number) ?? []
  if (part === undefined || of === undefined || part < 1 || part > of)
    throw appError('setting/unknown', {
      setting: 'shard',
      value: text,
      allowed: '1/20, 2/20 and so on up to 20/20',
    })
  return [part, of]
}

/**
 * Reads a sample as the command line and project files write it: `all`, `500` (the first 500), `random:500`, or
 * `random:500:7` with the seed 7. Throws `setting/unknown`.
 */
export function parseSample(text: string): Sample {
  const match = /^(?:all|(random:)?(\d+)(?::(\d+))?)$/.exec(text.trim())
  const count = Number(match?.[2] ?? 1)
  if (!match || count < 1 || (match[3] !== undefined && !match[1]))
    throw appError('setting/unknown', {
      setting: 'sample',
      value: text,
      allowed: 'all, 500 (the first 500), random:500, random:500:7 (7 is the seed)',
    })
  if (match[2] === undefined) return 'all'
  return match[1] ? { random: count, seed: Number(match[3] ?? 1) } : { first: count }
}
