/**
 * @file How much a change of the network hurts, by its outputs for an image before and after: whether it still gives the right answer,
 * and how much less sure of it it is.
 */

/** What outputs are: probabilities, scores that softmax makes probabilities of, or plain numbers that are no answer. */
export type OutputScale = 'probabilities' | 'scores' | 'numbers'

/**
 * By what harm is measured. `right`: the answer that the image's class asks for; `own`: the network's own answer before the change;
 * `outputs`: how far the outputs move.
 */
export type Yardstick = 'right' | 'own' | 'outputs'

/** Probabilities of float32 below this are not told apart from 0. */
const leastProbability = 1e-7

/** `rows` are `[N, outputs]` without any change. `isAnswer`: the outputs stand for classes. */
export function scaleOf(rows: Float32Array, isAnswer: boolean): OutputScale {
  if (!isAnswer) return 'numbers'
  return rows.every((value) => value >= 0 && value <= 1) ? 'probabilities' : 'scores'
}

/** The index of the largest output, the first one on ties; of a single output 1 or 0; -1 if an output is not finite. */
export function answerIn(row: Float32Array, scale: OutputScale): number {
  if (!row.every(Number.isFinite)) return -1
  if (row.length === 1) return row[0]! >= (scale === 'scores' ? 0 : 0.5) ? 1 : 0
  let best = 0
  for (const [i, value] of row.entries()) if (value > row[best]!) best = i
  return best
}

/** The probability of a class: the output itself, or what softmax makes of it; of a single output also of its opposite. */
export function probabilityOf(row: Float32Array, scale: OutputScale, wanted: number): number {
  if (row.length === 1) {
    const [value] = row as unknown as [number]
    const yes = scale === 'scores' ? 1 / (1 + Math.exp(-value)) : value
    return wanted === 1 ? yes : 1 - yes
  }
  if (scale === 'probabilities') return row[wanted]!
  const most = row.reduce((a, b) => Math.max(a, b), -Infinity)
  const sum = row.reduce((total, value) => total + Math.exp(value - most), 0)
  return Math.exp(row[wanted]! - most) / sum
}

export interface Undisturbed {
  /** `[N, outputs]` */
  readonly rows: Float32Array
  readonly outputs: number
  readonly scale: OutputScale
  /** The output that each image's class asks for, `[N]`, -1 if there is none; null if classes and outputs cannot be matched. */
  readonly wanted: Int32Array | null
}

/** Compares outputs of images with those that the network gives without any change. */
export class Judge {
  readonly yardstick: Yardstick
  readonly #undisturbed: Undisturbed
  readonly #answers: Int32Array
  /** The mean length of the rows. */
  readonly #length: number

  constructor(undisturbed: Undisturbed) {
    const { rows, outputs, scale, wanted } = undisturbed
    this.#undisturbed = undisturbed
    const images = rows.length / outputs
    this.yardstick = scale === 'numbers' ? 'outputs' : wanted?.some((output) => output >= 0) ? 'right' : 'own'
    this.#answers = Int32Array.from({ length: images }, (_, i) => answerIn(this.rowOf(i), scale))
    this.#length = images === 0 ? 0 : sumOver(images, (i) => Math.hypot(...this.rowOf(i))) / images
  }

  /** The outputs for an image without any change. */
  rowOf(image: number): Float32Array {
    const { rows, outputs } = this.#undisturbed
    return rows.subarray(image * outputs, (image + 1) * outputs)
  }

  /** The network's answer without any change; see `answerIn`. */
  answerOf(image: number): number {
    return this.#answers[image]!
  }

  answerAfter(row: Float32Array): number {
    return answerIn(row, this.#undisturbed.scale)
  }

  /** The output that counts as the right answer; -1 if there is none. */
  wantedOf(image: number): number {
    return this.yardstick === 'right' ? this.#undisturbed.wanted![image]! : this.#answers[image]!
  }

  /**
   * How much less likely the right answer is, as the increase of cross-entropy −ln p, in nats. If outputs are no answer: how far they
   * move, as a share of their mean length. Negative if the change helps; NaN if the image has no right answer.
   */
  harmOf(image: number, after: Float32Array): number {
    const before = this.rowOf(image)
    if (this.yardstick === 'outputs') {
      const moved = Math.hypot(...after.map((value, i) => value - before[i]!))
      return this.#length > 0 ? moved / this.#length : Number.NaN
    }
    const wanted = this.wantedOf(image)
    if (wanted < 0) return Number.NaN
    const { scale } = this.#undisturbed
    const entropy = (row: Float32Array): number =>
      -Math.log(Math.max(leastProbability, probabilityOf(row, scale, wanted)))
    return entropy(after) - entropy(before)
  }
}

/** The sum of a number for each of `count` things, in their order. */
function sumOver(count: number, of: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += of(i)
  return sum
}
