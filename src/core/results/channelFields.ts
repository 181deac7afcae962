/** @file What a channel's record in a results file holds, as a table: `channelRecord.ts` tells what each key means. */
import {
  count,
  FieldProblem,
  finite,
  flag,
  list,
  object,
  optional,
  orNull,
  type Reader,
  text,
  whole,
  wholes,
} from '../fields.ts'
import { perOctave } from '../scan/maximaHistogram.ts'

/** Numbers of histogram bins: of float32 numbers from 2^-24 on. */
const firstBin = -24 * perOctave
const lastBin = 128 * perOctave - 1

/** Pixels of a box may lie far outside of the picture. */
const farthest = -(2 ** 31 - 1)

const edges = wholes(4, farthest)

const box: Reader<number[]> = (value) => {
  const read = edges(value)
  const [top, left, bottom, right] = read as [number, number, number, number]
  if (bottom < top || right < left) throw new FieldProblem(`is [${read.join()}], which ends before it begins`)
  return read
}

const patch = object({ image: text, activation: finite, unit: wholes(2, 0), box })
export type PatchFields = ReturnType<typeof patch>

/** `order` is 1 where the highest comes first, -1 where the lowest does. */
const patches = (order: 1 | -1): Reader<PatchFields[]> => {
  const unordered = list(patch)
  return (value) => {
    const read = unordered(value)
    const at = read.findIndex(
      ({ activation }, i) => i > 0 && order * activation > order * read[i - 1]!.activation,
    )
    if (at < 0) return read
    const [beyond, first] = order === 1 ? ['above', 'highest'] : ['below', 'lowest']
    const problem = `is ${read[at]!.activation}, ${beyond} the one before it: the ${first} has to come first`
    throw new FieldProblem(problem).within('activation').within(at)
  }
}

const runNumbers = list(whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER))

const run: Reader<number[]> = (value) => {
  if (!Array.isArray(value) || value.length < 2)
    throw new FieldProblem('is no run of bins: a number and counts')
  const read = runNumbers(value)
  const [first] = read as [number]
  if (first < firstBin || first + read.length - 2 > lastBin)
    throw new FieldProblem(`has bins outside of ${firstBin} to ${lastBin}`)
  const counts = read.slice(1)
  const below = counts.findIndex((one) => one < 0)
  if (below >= 0) throw new FieldProblem(`has a count of ${counts[below]}`)
  return read
}

const statistics = object({
  images: count,
  infinite: optional(count),
  mean: orNull(finite),
  spread: orNull(finite),
  firingImages: count,
  firingUnits: count,
  histogram: object({ zero: count, positive: list(run), negative: optional(list(run)) }),
})

export const channelFields = object({
  channel: whole(0),
  dead: optional(flag),
  nanImages: optional(count),
  top: patches(1),
  lowest: optional(patches(-1)),
  quantiles: optional(list(object({ from: finite, to: finite, samples: list(patch) }))),
  statistics: optional(statistics),
  classes: optional(list(object({ class: text, images: count, mean: finite, top: count }))),
})
export type ChannelFields = ReturnType<typeof channelFields>
