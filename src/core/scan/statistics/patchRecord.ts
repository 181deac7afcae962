/** @file Patches as a results file has them: how they are checked, and gathered to flat arrays. */
import { FieldProblem, finite, list, object, optional, type Reader, text, wholes } from '../../fields.ts'
import type { Shape } from '../../model/network.ts'
import { mapSize } from '../../model/units.ts'
import type { Box } from '../../model/receptiveField.ts'

export interface PatchRecord {
  readonly image: string
  /** The image's maximum in the channel: a float32, to nine digits. */
  readonly activation: number
  readonly unit: readonly [number, number]
  /** `[top, left, bottom, right]`, half open, in pixels of the model's input, unclipped. */
  readonly box: Box
  /** The patch of the image that the unit stands for, in the same way: only there if the box is the whole image. */
  readonly seat?: Box
}

/** Pixels of a box may lie far outside of the picture. */
const farthest = -(2 ** 31 - 1)

const edges = wholes(4, farthest)

const box: Reader<number[]> = (value) => {
  const read = edges(value)
  const [top, left, bottom, right] = read as [number, number, number, number]
  if (bottom < top || right < left) throw new FieldProblem(`is [${read.join()}], which ends before it begins`)
  return read
}

export const patch = object({
  image: text,
  activation: finite,
  unit: wholes(2, 0),
  box,
  seat: optional(box),
})
export type PatchFields = ReturnType<typeof patch>

/** `order` is 1 if the highest comes first, -1 if the lowest does. */
export const patches = (order: 1 | -1): Reader<PatchFields[]> => {
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

/** Rows of patches. `starts`, one more than there are rows: where the entries of each begin, and where the last one's end. */
export interface PatchColumns {
  readonly starts: Uint32Array
  /** Numbers in the file's list of paths. */
  readonly images: Int32Array
  readonly activations: Float64Array
  /** `[entries, 6]`: row and column of the unit, then top, left, bottom and right of its box. */
  readonly places: Int32Array
  /** `[entries, 4]`: top, left, bottom and right of the seats, all 0 for one that has none; empty if none has. */
  readonly seats: Int32Array
}

/** Numbers of names in the order in which a file has them. */
export interface NameNumbers {
  imageOf(path: string): number
  classOf(name: string): number
}

/** The facts that are known only when a layer has been read. */
export interface EndOfLayer {
  readonly shape: Shape
  /** The final numbers, by the numbers of `NameNumbers`. */
  readonly ranks: { readonly paths: Int32Array; readonly classes: Int32Array }
}

export const placeLength = 6
export const seatLength = 4

export class PatchGatherer {
  readonly #starts = [0]
  readonly #images: number[] = []
  readonly #activations: number[] = []
  readonly #places: number[] = []
  readonly #seats: number[] = []
  readonly #names: NameNumbers

  constructor(names: NameNumbers) {
    this.#names = names
  }

  addRow(row: readonly PatchFields[]): void {
    for (const { image, activation, unit, box: ofPatch, seat } of row) {
      this.#images.push(this.#names.imageOf(image))
      this.#activations.push(activation)
      this.#places.push(unit[0]!, unit[1]!, ...ofPatch)
      this.#seats.push(...(seat ?? [0, 0, 0, 0]))
    }
    this.#starts.push(this.#images.length)
  }

  /** Throws `FieldProblem` if a unit lies outside of the layer's map. */
  columns({ shape, ranks }: EndOfLayer): PatchColumns {
    const places = Int32Array.from(this.#places)
    const [rows, columns] = mapSize(shape)
    for (let at = 0; at < places.length; at += placeLength) {
      const [row, column] = [places[at]!, places[at + 1]!]
      if (row >= rows || column >= columns)
        throw new FieldProblem(`has a unit [${row}, ${column}], but its shape says ${rows}×${columns}`)
    }
    return {
      starts: Uint32Array.from(this.#starts),
      images: Int32Array.from(this.#images, (number) => ranks.paths[number]!),
      activations: Float64Array.from(this.#activations),
      places,
      seats: Int32Array.from(this.#seats.some((edge) => edge !== 0) ? this.#seats : []),
    }
  }
}

/**
 * Nine significant digits tell any two float32 numbers apart. JSON has no word for infinity: the largest float32 stands
 * for it.
 */
export function shortFloat32(value: number): number {
  const inRange = Math.min(Math.max(value, -maxFloat32), maxFloat32)
  return Number(inRange.toPrecision(9))
}

const maxFloat32 = 3.4028234663852886e38
