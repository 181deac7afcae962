/** @file The opened model and the backend that runs it. */
import { type BackendChoice, backendNames, moreExactThan, referenceKernels } from '../../core/backendNames.ts'
import { appError, codeOf, isUnreadable, messageOf, sentence } from '../../core/errors.ts'
import { isInputSize, largestInput } from '../../core/model/inputSize.ts'
import type { Network, Pair } from '../../core/model/network.ts'
import { firstLayerToShow, scannableLayers, whyNotScannable } from '../../core/model/scannable.ts'
import type { BackendReport } from '../../engine/backend/chooseBackend.ts'
import type { ModelDescription } from '../../engine/engine.ts'
import type { Slice, ModelSlice } from '../appState.ts'
import type { Accept, ModelSource } from '../workers/enginePool.ts'
import { Latest } from '../timing/latest.ts'
import { modelName, modelSource } from '../model/modelSource.ts'
import { type SelfTest, shownError } from '../model/selfTest.ts'
import { fitView } from '../selectors/view.ts'
import { type OpenModel, describe } from '../model/openModel.ts'

export const createModel: Slice<ModelSlice> = (set, get, { pool, selfTester }) => {
  const attempts = new Latest()
  const tests = new Latest()

  /**
   * Tests what computes in the background; scans go on whatever the result is. A graphics card leaves the processor to the
   * test; on WASM it waits until nothing else goes on.
   */
  const test = async (
    model: ModelDescription,
    source: ModelSource,
    backend: BackendReport,
  ): Promise<void> => {
    const tested = { backend, model, source, engine: () => pool.engines()[0]! }
    set({ selfTest: { status: backend.name === 'wasm' ? 'waiting' : 'running' } })
    const signal = tests.begin()
    const found = await (backend.name === 'wasm'
      ? selfTester.testWhenQuiet(tested, signal)
      : selfTester.test(tested, signal))
    if (!found) return
    set({ selfTest: found })
    if (found.status !== 'differs') return
    const { layer, error, isFolded } = found
    const detail = { backend: backendNames[backend.name], layer, isFolded, size: shownError(error) }
    get().notify('warning', sentence('backend/differs', { ...detail, better: moreExactThan(backend) }))
  }

  /** `patient`: the user wants to wait for as long as it takes. */
  const open = async (source: ModelSource, choice: BackendChoice, patient = false): Promise<boolean> => {
    const attempt = attempts.begin()
    const name = modelName(source)
    get().stop()
    set({ openingModel: name })
    try {
      let selfTest: SelfTest | null = null
      const accept: Accept = async (model, engine, backend) => {
        refuseUseless(name, model.network)
        if (backend.name !== 'webgpu') return
        const tested = { backend, model, source, engine: () => Promise.resolve(engine) }
        selfTest = await selfTester.test(tested, attempt)
        if (selfTest) refuseUnproved(name, backend, selfTest)
      }
      const [{ backend, model, fields }, { guessPreprocessing }] = await Promise.all([
        // Rejects if another model has been opened meanwhile.
        pool.open(source, choice, accept, patient),
        import('../../core/preprocessing/guess/guess.ts'),
      ])
      if (attempt.aborted) return false
      const { network } = model
      get().putAside()
      set({
        model: describe(source, model, fields, guessPreprocessing),
        // A page that a link asks for opens with the first model.
        // The comparison does not depend on the model.
        page: get().model === null || get().page === 'compare' ? get().page : null,
        inputSize: source.inputSize,
        backend,
        backendChoice: choice,
        workers: pool.size,
        selfTest,
        // The layer of the link, or of the model before, stays if this model has it too.
        ...fitView(network, get(), firstLayerToShow(network)?.name ?? null),
      })
      get().fitResults()
      tests.cancel()
      if (!selfTest && !backend.isReference) void test(model, source, backend)
      const problem = firstProblem(network)
      if (problem) get().notify('warning', sentence('model/partly-scannable', { file: name, problem }))
      return true
    } catch (error) {
      if (attempt.aborted) return false
      if (codeOf(error) === 'model/too-slow') {
        const wait = { label: 'Open it and wait', run: () => void open(source, choice, true) }
        get().notify('error', messageOf(error), wait)
        return false
      }
      if (codeOf(error) !== 'backend/refused') {
        get().report(
          isUnreadable(error)
            ? appError('model/unreadable', { file: name, reason: messageOf(error) })
            : error,
        )
        return false
      }
      get().notify('warning', messageOf(error))
      // The same model is still open where it was; another one has to be opened on some other backend.
      return get().model?.source === source
        ? false
        : await open(source, otherChoice(get().backendChoice), patient)
    } finally {
      if (!attempt.aborted) set({ openingModel: null })
    }
  }

  return {
    model: null,
    openingModel: null,
    backend: null,
    backendChoice: 'auto',
    selfTest: null,
    workers: 0,
    inputSize: null,
    async openModel(files, { inputSize = null } = {}) {
      if (files.length > 0) return open(modelSource(files, inputSize), get().backendChoice)
      get().notify('error', sentence('model/no-file'))
      return false
    },
    async setInputSize(size) {
      const { model, backendChoice } = get()
      if (!model) return false
      const problem = whyNotSize(size, model)
      if (!problem) return open({ ...model.source, inputSize: size }, backendChoice)
      get().notify('error', problem)
      return false
    },
    reopenModel: (source, choice) => open(source, choice),
    async setBackend(choice) {
      const { model } = get()
      if (model) await open(model.source, choice)
      else set({ backendChoice: choice })
    },
  }
}

function whyNotSize(size: Pair, { name, network }: OpenModel): string | null {
  if (!network.openSize)
    return sentence('model/fixed-size', { file: name, size: network.inputShape.slice(0, 2).join('×') })
  const value = size.join('×')
  if (isInputSize(size)) return null
  const allowed = `whole numbers from 1 to ${largestInput}`
  return sentence('setting/unknown', { setting: 'inputSize', value, allowed })
}

/** An experimental backend has to show that it computes what the reference computes. Throws `backend/refused`. */
function refuseUnproved(file: string, { name }: BackendReport, test: SelfTest): void {
  if (test.status === 'passed') return
  throw appError('backend/refused', { backend: backendNames[name], file, reason: whyUnproved(test) })
}

/** Says in a clause why the test was not passed. */
function whyUnproved(test: Exclude<SelfTest, { status: 'passed' }>): string {
  if (test.status === 'differs')
    return `from layer "${test.layer}" on it computes other numbers than ${referenceKernels} (${shownError(test.error)})`
  const reason = 'reason' in test ? test.reason : 'that has not ended'
  return `it could not be compared with ${referenceKernels} (${reason})`
}

/** The choice to try after the backend of this choice was refused. */
function otherChoice(choice: BackendChoice): BackendChoice {
  return choice === 'webgpu' ? 'auto' : choice
}

/** Throws `model/nothing-to-scan` if the model has no layer to scan. */
function refuseUseless(file: string, network: Network): void {
  if (scannableLayers(network).length > 0) return
  throw appError('model/nothing-to-scan', {
    file,
    reason: firstProblem(network) ?? 'it has no layer with channels',
  })
}

/** The first layer that is not supported itself, as a clause. */
function firstProblem(network: Network): string | null {
  const layer = network.layers.find(({ op }) => op === null)
  return layer ? whyNotScannable(layer) : null
}
