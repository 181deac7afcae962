/** @file Judges which of several ways of preprocessing fits a network best, by what it makes of a few images. */
import { type ClassOutputs, type Prediction, predictionOf } from './prediction.ts'

/** `count` of `of` things. */
export interface Share {
  readonly count: number
  readonly of: number
}

/** What a network made of a few images that were preprocessed in one way. */
export interface TrialReport {
  /**
   * The outputs for each image, `[outputs]`; null for an image that could not be read. The lists are empty if the
   * network has no answer layer.
   */
  readonly outputs: readonly (readonly number[] | null)[]
  /** The share of channels that had the same value everywhere, of all channels of layers that end in a ReLU. */
  readonly dead: Share
  /** The share of units that were at the bound of their activation (sigmoid, tanh, ReLU6). */
  readonly saturated: Share
  /** How the input of the first batch normalization compares with its stored statistics; null if there is none. */
  readonly statistics: StatisticsFit | null
  /** Whether any unit was NaN or infinite. */
  readonly notFinite: boolean
}

/** How found statistics compare with stored ones; each number is the median over the channels. */
export interface StatisticsFit {
  readonly layer: string
  /** The difference of the means, in stored standard deviations. */
  readonly shift: number
  /** The found standard deviation divided by the stored one. */
  readonly deviationRatio: number
  /** The Kullback-Leibler divergence of the found normal distribution from the stored one, in nats. */
  readonly divergence: number
}

export interface Verdict {
  readonly report: TrialReport
  readonly predictions: readonly (Prediction | null)[]
  /** The share of right answers; null if no class can be matched with an output. */
  readonly right: Share | null
  /** Smaller is better. */
  readonly cost: number
}

export interface Comparison {
  /** One verdict per candidate, in their order. */
  readonly verdicts: readonly Verdict[]
  /** The index of the candidate that fits best; null if they cannot be told apart. */
  readonly best: number | null
  /** The reason, as a sentence. */
  readonly reason: string
  /** The assignment of outputs to classes by which answers are right or wrong; null if none makes sense. */
  readonly classes: ClassOutputs | null
}

/** On so few images, costs that differ by less than this tell nothing. */
const margin = 0.03
/** The margin if only dead channels and saturation tell: some channels are dead in any network. */
const weakMargin = 0.25

/**
 * Compares what the candidates' reports say. `classes[i]` is the class of image i, -1 if it has none; `numberings` are
 * the ways in which outputs may stand for classes, the most usual first.
 */
export function compare(
  reports: readonly TrialReport[],
  classes: readonly number[],
  numberings: readonly ClassOutputs[],
): Comparison {
  const predictions = reports.map(({ outputs }) =>
    outputs.map((values) => (values ? predictionOf(values) : null)),
  )
  const numbering = bestNumbering(predictions, classes, numberings)
  const verdicts = reports.map((report, i) => judge(report, predictions[i]!, classes, numbering))
  const ranked = verdicts.map(({ cost }, i) => ({ cost, i })).toSorted((a, b) => a.cost - b.cost)
  const [first, second] = ranked
  if (!first) return { verdicts, best: null, reason: '', classes: numbering }
  const winner = verdicts[first.i]!
  const isWeak = winner.right === null && winner.report.statistics === null
  if (second && second.cost - first.cost < (isWeak ? weakMargin : margin))
    return {
      verdicts,
      best: null,
      reason: 'These images do not tell which one is right: the best ones differ too little.',
      classes: numbering,
    }
  const reasons = reasonsFor(
    winner,
    verdicts.filter((_, i) => i !== first.i),
  )
  return { verdicts, best: first.i, reason: `It ${listed(reasons)}.`, classes: numbering }
}

function judge(
  report: TrialReport,
  predictions: Verdict['predictions'],
  classes: readonly number[],
  numbering: ClassOutputs | null,
): Verdict {
  const right = rightOnes(predictions, classes, numbering)
  const cost =
    // The statistics weigh most, as they need neither labels nor luck. Beyond a few nats all are equally wrong.
    (report.statistics ? 2 * Math.min(1, Math.log1p(report.statistics.divergence) / 2) : 0) +
    (right ? 1.5 * (1 - share(right)) : 0) +
    share(report.dead) +
    0.5 * share(report.saturated) +
    (report.notFinite ? 10 : 0)
  return { report, predictions, right, cost }
}

/** The one with the most right answers under any candidate; one that is only supposed must be well above chance. */
export function bestNumbering(
  predictions: readonly Verdict['predictions'][],
  classes: readonly number[],
  numberings: readonly ClassOutputs[],
): ClassOutputs | null {
  const rated = numberings.map((numbering) => {
    const shares = predictions.map((list) => rightOnes(list, classes, numbering))
    return { numbering, most: Math.max(0, ...shares.map((right) => (right ? share(right) : 0))) }
  })
  const [best] = rated.toSorted((a, b) => b.most - a.most)
  if (!best || !best.numbering.supposed) return best?.numbering ?? null
  const chance = 1 / best.numbering.names.length
  return best.most > chance + (1 - chance) / 4 ? { ...best.numbering, supposed: false } : null
}

/** Says what the winner is best at. There is always at least one reason, because it has the lowest cost. */
function reasonsFor({ report, right }: Verdict, others: readonly Verdict[]): string[] {
  const reasons: string[] = []
  const { statistics, dead } = report
  if (
    statistics &&
    others.every((one) => (one.report.statistics?.divergence ?? Infinity) > statistics.divergence)
  )
    reasons.push(`fits the stored statistics of ${statistics.layer} best`)
  if (right && others.every((one) => (one.right ? share(one.right) : 0) < share(right)))
    reasons.push(`gets ${right.count} of ${right.of} right`)
  if (dead.of > 0 && others.every((one) => share(one.report.dead) > share(dead)))
    reasons.push(`leaves the fewest channels dead (${percent(dead)})`)
  if (reasons.length > 0) return reasons
  return [right ? `gets ${right.count} of ${right.of} right` : 'leaves the fewest channels dead or saturated']
}

function rightOnes(
  predictions: readonly (Prediction | null)[],
  classes: readonly number[],
  outputs: ClassOutputs | null,
): Share | null {
  let count = 0
  let of = 0
  for (const [i, prediction] of predictions.entries()) {
    const wanted = outputs?.outputOf[classes[i]!] ?? -1
    if (wanted < 0 || !prediction) continue
    of++
    if (prediction.output === wanted) count++
  }
  return of > 0 ? { count, of } : null
}

/** The share as a number; 0 if it is of nothing. */
export function share({ count, of }: Share): number {
  return of === 0 ? 0 : count / of
}

/** A share as `12 %`. 0 % and 100 % mean exactly none and all. */
export function percent(part: Share): string {
  const value = 100 * share(part)
  if (value > 0 && value < 1) return 'under 1 %'
  if (value < 100 && value > 99) return 'over 99 %'
  return `${Math.round(value)} %`
}

function listed(clauses: readonly string[]): string {
  return clauses.length < 2 ? (clauses[0] ?? '') : `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)!}`
}
