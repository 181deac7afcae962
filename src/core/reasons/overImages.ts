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

export interface OverImages extends Omit<ClassChange, 'classNumber'> {
  readonly yardstick: Yardstick
  /** The images whose class, or whose answer, is known: `before` and `after` are of these. */
  readonly judged: number
  /** The most hurt class first. */
  readonly classes: readonly (ClassChange & { readonly judged: number })[]
  /** In the order of the sample; none if outputs are no answer. */
  readonly changed: readonly ChangedImage[]
  /** `[outputs]`: the mean of each output. */
  readonly meanBefore: Float64Array
  readonly meanAfter: Float64Array
}

/** `after` are the outputs `[N, outputs]` of the images that were judged, in their order; `classOf[i]` is the class of image i. */
export function overImages(
  judge: Judge,
  after: Float32Array,
  outputs: number,
  classOf: ArrayLike<number>,
): OverImages {
  const images = after.length / outputs
  const meanBefore = new Float64Array(outputs)
  const meanAfter = new Float64Array(outputs)
  const all = new Tally()
  const byClass = new Map<number, Tally>()
  const changed: ChangedImage[] = []
  for (let i = 0; i < images; i++) {
    const row = after.subarray(i * outputs, (i + 1) * outputs)
    const before = judge.rowOf(i)
    for (let c = 0; c < outputs; c++) {
      meanBefore[c]! += before[c]! / images
      meanAfter[c]! += row[c]! / images
    }
    let own = byClass.get(classOf[i]!)
    if (!own) byClass.set(classOf[i]!, (own = new Tally()))
    for (const tally of [all, own]) tally.add(judge, i, row)
    const [was, is] = [judge.answerOf(i), judge.answerAfter(row)]
    if (judge.yardstick !== 'outputs' && was !== is) changed.push({ at: i, before: was, after: is })
  }
  const classes = [...byClass].map(([classNumber, tally]) => ({ classNumber, ...tally.result() }))
  return {
    yardstick: judge.yardstick,
    ...all.result(),
    classes: classes.toSorted(
      (a, b) => hurt(b) - hurt(a) || (b.harm ?? 0) - (a.harm ?? 0) || a.classNumber - b.classNumber,
    ),
    changed,
    meanBefore,
    meanAfter,
  }
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

  add(judge: Judge, image: number, row: Float32Array): void {
    this.#images++
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
}
