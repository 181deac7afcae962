/**
 * @file The page _What the network sees_: settings are tried there before they are used, and the guess about the model
 * is compared with other ways on a few images.
 */
import { withGuess } from '../../core/preprocessing/guess/followedGuess.ts'
import { type Preprocessing, sameSettings } from '../../core/preprocessing/preprocessing.ts'
import { stratifiedSample } from '../../core/images/stratifiedSample.ts'
import type { Slice, PreprocessingSlice } from '../appState.ts'
import { isUnderWay } from '../scan/scanPhase.ts'
import { Latest } from '../timing/latest.ts'
import { trialImages } from '../preprocessing/samples.ts'
import type { Trial } from '../preprocessing/trial.ts'
import { readableHandles } from '../images/readableHandles.ts'
import { suggestionOf, chosenImage, isScanning } from '../selectors/inputView.ts'

export const createPreprocessing: Slice<PreprocessingSlice> = (set, get, { pool }) => {
  const attempts = new Latest()
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
      // The result of a comparison that is under way would not be shown.
      attempts.cancel()
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
      const attempt = attempts.begin()
      try {
        const { candidatesOf, judged } = await import('../preprocessing/trial.ts')
        if (attempt.aborted) return
        const chosen = stratifiedSample(images.table, trialImages)
        const candidates = candidatesOf(model, inputView?.draft ?? preprocessing)
        let trial: Trial = { model, images, chosen, candidates, reports: [], comparison: null }
        set({ trial })
        const handles = await readableHandles(images, chosen)
        trial = { ...trial, chosen: handles.map(({ image }) => image) }
        await pool.borrow(
          async (engine) => {
            for (const candidate of candidates) {
              const report = await engine.tryPreprocessing(
                handles.map(({ handle }) => handle),
                candidate.preprocessing,
              )
              if (attempt.aborted) return
              trial = { ...trial, reports: [...trial.reports, report] }
              set({ trial })
            }
            set({ trial: { ...trial, comparison: judged(trial) } })
          },
          () => isUnderWay(get().scan),
        )
      } catch (error) {
        if (attempt.aborted) return
        set({ trial: null })
        get().report(error)
      }
    },
  }
}
