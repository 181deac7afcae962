/** @file What a change of the network does over many images: to its answers, class by class, and to its mean outputs. */
import type { Judge, Yardstick } from './judge.ts'

export interface ClassChange {
  /** The number of the images' class; -1 for images without one. */
  readonly classNumber: number
  readonly images: number
  /** How many answers were right before and after; with the yardstick `own`, how many are as they were. */
  readonly before: number
  readonly after: number
  /** The mean of `Judge.harmOf`; null if no image of the class has one. */
  readonly harm: number | null
}

export interface ChangedImage {
  /** The image's place in the sample. */
  readonly at: number
  /** The answers before and after; -1 if there was none. */
  readonly before: number
  readonly after: number
}

/** The mean of each output over some images, all `[outputs]`. */
export interface MeanOutputs {
  readonly before: Float64Array
  readonly after: Float64Array
  /** The standard error of the mean of `after − before`: both are of the same images. NaN if there is only one. */
  readonly error: Float64Array
}

export interface OverImages extends Omit<ClassChange, 'classNumber'> {
  readonly yardstick: Yardstick
  /** The images whose class, or whose answer, is known: `before` and `after` are of these. */
  readonly judged: number
  readonly means: MeanOutputs
  /** The most hurt class first. Means of a class are null if outputs stand for the classes: then answers say more. */
  readonly classes: readonly (ClassChange & { readonly judged: number; readonly means: MeanOutputs | null })[]
  /** In the order of the sample; none if outputs are no answer. */
  readonly changed: readonly ChangedImage[]
}

/** `after` are the outputs `[N, outputs]` of the images that were judged, in their order; `classOf[i]` is the class of image i. */
export function overImages(
  judge: Judge,
  after: Float32Array,
  outputs: number,
  classOf: ArrayLike<number>,
): OverImages {
  const images = after.length / outputs
  const areClassesMatched = judge.yardstick === 'right'
  const all = new Tally(outputs)
  const byClass = new Map<number, Tally>()
  const changed: ChangedImage[] = []
  for (let i = 0; i < images; i++) {
    const row = after.subarray(i * outputs, (i + 1) * outputs)
    let own = byClass.get(classOf[i]!)
    if (!own) byClass.set(classOf[i]!, (own = new Tally(areClassesMatched ? 0 : outputs)))
    for (const tally of [all, own]) tally.add(judge, i, row)
    const [was, is] = [judge.answerOf(i), judge.answerAfter(row)]
    if (judge.yardstick !== 'outputs' && was !== is) changed.push({ at: i, before: was, after: is })
  }
  const classes = [...byClass].map(([classNumber, tally]) => ({
    classNumber,
    ...tally.result(),
    means: areClassesMatched ? null : tally.means(),
  }))
  return {
    yardstick: judge.yardstick,
    ...all.result(),
    means: all.means(),
    classes: classes.toSorted(
      (a, b) => hurt(b) - hurt(a) || (b.harm ?? 0) - (a.harm ?? 0) || a.classNumber - b.classNumber,
    ),
    changed,
  }
}

/**
 * The outputs whose means change most, most first, equal ones by number; those that do not change are left out. A mean that is a
 * number on one side only changes more than any other.
 */
export function mostChanged({ before, after }: Pick<MeanOutputs, 'before' | 'after'>): number[] {
  const change = Array.from(before, (was, i) => {
    if (Object.is(was, after[i]!)) return 0
    const size = Math.abs(after[i]! - was)
    return Number.isNaN(size) ? Infinity : size
  })
  return [...change.keys()].filter((i) => change[i]! > 0).toSorted((a, b) => change[b]! - change[a]! || a - b)
}

/** The share of right answers that were lost. */
function hurt({
  judged,
  before,
  after,
}: {
  readonly judged: number
  readonly before: number
  readonly after: number
}): number {
  return judged === 0 ? 0 : (before - after) / judged
}

class Tally {
  #images = 0
  #judged = 0
  #before = 0
  #after = 0
  #harm = 0
  #harmed = 0
  /** The sum of each output that is followed, before and after. */
  readonly #sums: Pick<MeanOutputs, 'before' | 'after'>
  /** The mean of its change, and the sum of squares of what differs from that (Welford 1962). */
  readonly #changes: { readonly mean: Float64Array; readonly squares: Float64Array }

  /** Follows the means of the first `outputs` outputs. */
  constructor(outputs: number) {
    const zeros = (): Float64Array => new Float64Array(outputs)
    this.#sums = { before: zeros(), after: zeros() }
    this.#changes = { mean: zeros(), squares: zeros() }
  }

  add(judge: Judge, image: number, row: Float32Array): void {
    this.#images++
    const { before, after } = this.#sums
    const { mean, squares } = this.#changes
    const was = judge.rowOf(image)
    for (let i = 0; i < before.length; i++) {
      before[i]! += was[i]!
      after[i]! += row[i]!
      const change = row[i]! - was[i]!
      const apart = change - mean[i]!
      mean[i]! += apart / this.#images
      squares[i]! += apart * (change - mean[i]!)
    }
    const harm = judge.harmOf(image, row)
    if (!Number.isNaN(harm)) {
      this.#harm += harm
      this.#harmed++
    }
    if (judge.yardstick === 'outputs') return
    const wanted = judge.wantedOf(image)
    if (wanted < 0) return
    this.#judged++
    if (judge.answerOf(image) === wanted) this.#before++
    if (judge.answerAfter(row) === wanted) this.#after++
  }

  result(): Omit<ClassChange, 'classNumber'> & { readonly judged: number } {
    return {
      images: this.#images,
      judged: this.#judged,
      before: this.#before,
      after: this.#after,
      harm: this.#harmed === 0 ? null : this.#harm / this.#harmed,
    }
  }

  means(): MeanOutputs {
    const images = this.#images
    const mean = (sum: number): number => sum / images
    return {
      before: this.#sums.before.map(mean),
      after: this.#sums.after.map(mean),
      error: this.#changes.squares.map((sum) => Math.sqrt(sum / (images - 1) / images)),
    }
  }
}
