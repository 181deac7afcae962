/** @file The comparison of several ways to prepare pictures on a few images. */
import { withGuess } from '../../core/preprocessing/guess/followedGuess.ts'
import { candidatesFor, type Confidence, rangeLabel } from '../../core/preprocessing/guess/guess.ts'
import { classOutputs } from '../../core/preprocessing/guess/prediction.ts'
import { type Preprocessing, sameSettings } from '../../core/preprocessing/preprocessing.ts'
import { compare, type Comparison, type TrialReport } from '../../core/preprocessing/guess/trial.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'

/** One way to prepare pictures. */
export interface Candidate {
  readonly label: string
  readonly preprocessing: Preprocessing
  readonly confidence: Confidence
  /** A clause that says why it is tried. */
  readonly reason: string
}

/** A comparison of candidates on a few images, and what it holds for. */
export interface Trial {
  readonly model: OpenModel
  readonly images: ImageSet
  /** Numbers of the images. */
  readonly chosen: readonly number[]
  readonly candidates: readonly Candidate[]
  /** The reports on the first candidates, as far as the comparison has come. */
  readonly reports: readonly TrialReport[]
  /** Is null until all reports are in. */
  readonly comparison: Comparison | null
}

/** Every usual way on top of what is set, and what is set if it is none of them. */
export function candidatesOf(model: OpenModel, preprocessing: Preprocessing): readonly Candidate[] {
  const usual = candidatesFor(model).map((guess): Candidate => {
    const { label, confidence, reason } = guess
    return { label, confidence, reason, preprocessing: withGuess(preprocessing, guess) }
  })
  if (usual.some((candidate) => sameSettings(candidate.preprocessing, preprocessing))) return usual
  const own = {
    label: rangeLabel(preprocessing),
    confidence: 'possible',
    reason: 'it is set on this page',
  } as const
  return [...usual, { ...own, preprocessing }]
}

export function judged({ model, images: { table }, chosen, reports }: Trial): Comparison {
  const classes = chosen.map((image) => table.classOf[image]!)
  return compare(reports, classes, classOutputs(model.network, model.labels, table))
}
