/**
 * @file What the network sees: the page where settings are tried before they are used, the guess about the model, and
 * its comparison with other ways on a few images.
 */
import {
  candidatesFor,
  type Confidence,
  followsGuess,
  type Guess,
  guessPreprocessing,
  type ModelEvidence,
  rangeLabel,
  withGuess,
} from '../../core/preprocessing/guess/guess.ts'
import { classOutputs } from '../../core/preprocessing/guess/prediction.ts'
import { type Preprocessing, sameSettings } from '../../core/preprocessing/preprocessing.ts'
import { spreadOverClasses } from '../../core/images/spread.ts'
import { compare, type Comparison, type TrialReport } from '../../core/preprocessing/guess/trial.ts'
import type { ImageHandle } from '../../engine/images/imageHandle.ts'
import type { AppState, Slice } from '../appState.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from './modelSlice.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { resultOf } from '../selectors/shown.ts'

/** The open page: an image, and settings that are not used yet. */
export interface InputView extends Pick<AppState, 'model' | 'images'> {
  readonly image: number
  readonly draft: Preprocessing
}

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
  /** Of the first candidates, as far as it has come. */
  readonly reports: readonly TrialReport[]
  /** Null until all reports are in. */
  readonly comparison: Comparison | null
}

export interface PreprocessingSlice {
  /** Null while the page is closed. */
  readonly inputView: InputView | null
  /** The latest one. */
  readonly trial: Trial | null
  /** The model whose suggestion has been answered. */
  readonly answered: OpenModel | null
  /** With the image of the chosen patch, or the first one. */
  openInputView(image?: number): void
  changeInputView(view: Partial<Pick<InputView, 'image' | 'draft'>>): void
  closeInputView(): void
  /** From now on scans use the page's settings; results that were made otherwise are put aside. */
  applyDraft(): void
  /** The suggestion about the open model, answered with yes or no. */
  followSuggestion(): void
  declineSuggestion(): void
  /** On some images of all classes. Not while a scan runs. Never rejects: what goes wrong is told. */
  compareCandidates(): Promise<void>
}

/** Enough to tell ways apart, few enough that a slow network takes seconds. */
export const trialImages = 16
/** What the page's numbers are of. */
export const sampleImages = 32

export const createPreprocessing: Slice<PreprocessingSlice> = (set, get, { pool }) => {
  let latest = 0
  const use = (preprocessing: Preprocessing): void => {
    const { model } = get()
    set({ answered: model })
    if (!sameSettings(preprocessing, get().preprocessing)) get().setPreprocessing(preprocessing)
  }
  return {
    inputView: null,
    trial: null,
    answered: null,
    openInputView(image) {
      const { model, images, preprocessing } = get()
      const first = image ?? chosenImage(get()) ?? images?.table.order[0]
      if (first === undefined) return
      set({ inputView: { model, images, image: first, draft: preprocessing }, page: 'input' })
    },
    changeInputView(view) {
      set(({ inputView }) => ({ inputView: inputView && { ...inputView, ...view } }))
    },
    closeInputView() {
      // A comparison that is under way would be of use to nobody.
      latest++
      set(({ trial, page }) => ({
        inputView: null,
        page: page === 'input' ? null : page,
        trial: trial?.comparison ? trial : null,
      }))
    },
    applyDraft() {
      const { inputView } = get()
      get().closeInputView()
      if (inputView) use(inputView.draft)
    },
    followSuggestion() {
      const guess = suggestionOf(get())
      if (guess) use(withGuess(get().preprocessing, guess))
    },
    declineSuggestion() {
      set(({ model }) => ({ answered: model }))
    },
    async compareCandidates() {
      const { model, images, preprocessing, inputView, openingModel } = get()
      if (!model || !images || openingModel !== null || isScanning(get())) return
      const attempt = ++latest
      const chosen = spreadOverClasses(images.table, trialImages)
      const candidates = candidatesOf(model, inputView?.draft ?? preprocessing)
      let trial: Trial = { model, images, chosen, candidates, reports: [], comparison: null }
      set({ trial })
      try {
        const handles = await readableHandles(images, chosen)
        trial = { ...trial, chosen: handles.map(({ image }) => image) }
        const engine = await pool.engines()[0]!
        for (const candidate of candidates) {
          const report = await engine.tryPreprocessing(
            handles.map(({ handle }) => handle),
            candidate.preprocessing,
          )
          if (attempt !== latest) return
          trial = { ...trial, reports: [...trial.reports, report] }
          set({ trial })
        }
        set({ trial: { ...trial, comparison: judged(trial) } })
      } catch (error) {
        if (attempt !== latest) return
        set({ trial: null })
        // A scan that is under way finds out by itself; its engines must not be replaced below it.
        if (!isUnderWay(get().scan)) pool.markBroken()
        get().report(error)
      }
    },
  }
}

const guesses = new WeakMap<OpenModel, readonly Guess[]>()

/** About the model, best first. */
export function guessesOf(model: OpenModel): readonly Guess[] {
  let found = guesses.get(model)
  if (!found) guesses.set(model, (found = guessPreprocessing(evidenceOf(model))))
  return found
}

/** What the user should hear: a guess that is more than possible, differs from what is set, and was not answered. */
export function suggestionOf({ model, preprocessing, answered }: AppState): Guess | null {
  const [guess] = model && model !== answered ? guessesOf(model) : []
  return guess && guess.confidence !== 'possible' && !followsGuess(preprocessing, guess) ? guess : null
}

/** Null while the page is closed, or of something that is open no longer. */
export function inputViewOf({ inputView, model, images }: AppState): InputView | null {
  return inputView && inputView.model === model && inputView.images === images ? inputView : null
}

/** Of the patch that is looked at. */
function chosenImage(state: AppState): number | undefined {
  const { layer, channel, patch, k } = state
  if (channel === null) return undefined
  const top = resultOf(state, layer)?.top(channel, k) ?? []
  return (top[patch] ?? top.at(-1))?.image
}

/** The latest comparison, if it is one of what is open now. */
export function trialOf({ trial, model, images }: AppState): Trial | null {
  return trial && trial.model === model && trial.images === images ? trial : null
}

/** Batches are under way or about to be; a comparison would take their time. */
export function isScanning({ scan }: AppState): boolean {
  return isUnderWay(scan) && scan.status !== 'paused'
}

function evidenceOf({ network, name, inputWeights, madeBy }: OpenModel): ModelEvidence {
  return { network, name, inputWeights, madeBy }
}

/** What is set, and every usual way on top of it, each once. */
function candidatesOf(model: OpenModel, preprocessing: Preprocessing): readonly Candidate[] {
  const usual = candidatesFor(evidenceOf(model)).map((guess): Candidate => {
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

/** Of these images, those that can still be opened. */
export async function readableHandles(
  images: ImageSet,
  chosen: readonly number[],
): Promise<{ image: number; handle: ImageHandle }[]> {
  const opened = await Promise.allSettled(
    chosen.map(async (image) => ({ image, handle: await images.handleOf(image) })),
  )
  return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

function judged({ model, images: { table }, chosen, reports }: Trial): Comparison {
  const classes = chosen.map((image) => table.classOf[image]!)
  return compare(reports, classes, classOutputs(model.network, model.labels, table))
}
