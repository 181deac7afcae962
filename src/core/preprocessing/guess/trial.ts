/** @file What a few images say about a preprocessing, and which of several fits a network best. */
import { type ClassOutputs, type Prediction, predictionOf } from './prediction.ts'

/** Counted within a whole. */
export interface Share {
  readonly count: number
  readonly of: number
}

/** What a network made of a few images that were prepared in one way. */
export interface TrialReport {
  /** Outputs of each image, `[outputs]`; null where it could not be read. Empty lists where the network has no answer. */
  readonly outputs: readonly (readonly number[] | null)[]
  /** Channels of layers that end in a ReLU which were the same everywhere. */
  readonly dead: Share
  /** Units of layers with a bounded activation (sigmoid, tanh, ReLU6) that were at the bound. */
  readonly saturated: Share
  /** How the input of the first batch normalization compares with what it has stored; null without one. */
  readonly statistics: StatisticsFit | null
  /** A unit was NaN or infinite. */
  readonly notFinite: boolean
}

/** Medians over the channels. */
export interface StatisticsFit {
  readonly layer: string
  /** Difference of the means, in stored standard deviations. */
  readonly shift: number
  /** The standard deviation found, over the stored one. */
  readonly spread: number
  /** Kullback-Leibler divergence of the normal distribution found from the stored one, in nats. */
  readonly divergence: number
}

export interface Verdict {
  readonly report: TrialReport
  readonly predictions: readonly (Prediction | null)[]
  /** Null where no class can be matched with an output. */
  readonly right: Share | null
  /** Smaller is better. */
  readonly cost: number
}

export interface Comparison {
  /** In the order of the candidates. */
  readonly verdicts: readonly Verdict[]
  /** Index of the one that fits best; null where they cannot be told apart. */
  readonly best: number | null
  /** Why, as a sentence. */
  readonly reason: string
  /** The numbering of classes that right and wrong are counted by; null where none makes sense. */
  readonly classes: ClassOutputs | null
}

/** Costs closer than this tell nothing on so few images. */
const margin = 0.03
/** Dead channels and saturation alone must tell a lot: some are dead in any network. */
const weakMargin = 0.25

/**
 * `classes[i]` is the class of image i, -1 where it has none; `numberings` are the ways in which outputs may stand for
 * classes, the most usual first.
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
    // The statistics need no labels and no luck; beyond a few nats all are equally wrong.
    (report.statistics ? 2 * Math.min(1, Math.log1p(report.statistics.divergence) / 2) : 0) +
    (right ? 1.5 * (1 - share(right)) : 0) +
    share(report.dead) +
    0.5 * share(report.saturated) +
    (report.notFinite ? 10 : 0)
  return { report, predictions, right, cost }
}

/** The one with most right answers under any candidate; one that is only supposed must do much better than chance. */
function bestNumbering(
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
  return best.most > chance + (1 - chance) / 4 ? best.numbering : null
}

/** At least one, as it costs least. */
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

/** 0 of nothing. */
export function share({ count, of }: Share): number {
  return of === 0 ? 0 : count / of
}

/** `12 %`, and never 0 or 100 for some. */
export function percent(part: Share): string {
  const value = 100 * share(part)
  if (value > 0 && value < 1) return 'under 1 %'
  if (value < 100 && value > 99) return 'over 99 %'
  return `${Math.round(value)} %`
}

function listed(clauses: readonly string[]): string {
  return clauses.length < 2 ? (clauses[0] ?? '') : `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)!}`
}
