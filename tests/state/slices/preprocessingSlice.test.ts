import { describe, expect, it } from 'vitest'
import { notebookPreprocessing, type Preprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { TrialReport } from '../../../src/core/preprocessing/guess/trial.ts'
import type { Network } from '../../../src/core/model/network.ts'
import { inputViewOf, suggestionOf, trialOf } from '../../../src/state/selectors/inputView.ts'
import {
  type Behaviour,
  deferred,
  modelFile,
  readyApp,
  settled,
  smallNetwork,
} from '../../fixtures/fakeWorkers.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'

/** A network that expects bytes and tells two classes apart. */
function rescalingNetwork(): Network {
  return chain(
    [6, 5, 3],
    [
      spec('Rescaling', 'rescaling', { scale: 1 / 255 }),
      spec('Conv2D', 'first', { filters: 4, kernel_size: 3 }),
      spec('GlobalAveragePooling2D', 'pool'),
      spec('Dense', 'out', { units: 2, activation: 'softmax' }),
    ],
  )
}

const rescaling: Behaviour = {
  openModel: (_, { name }) => (name === 'plain.h5' ? smallNetwork() : rescalingNetwork()),
}

function report(right: boolean, images: number): TrialReport {
  return {
    outputs: Array.from({ length: images }, (_, i) => (i < images / 2 === right ? [0.9, 0.1] : [0.1, 0.9])),
    dead: { count: 0, of: 4 },
    saturated: { count: 0, of: 0 },
    statistics: null,
    notFinite: false,
  }
}

describe('a suggestion', () => {
  it('is made, never followed by itself, and gone once it is answered', async () => {
    const { store } = await readyApp(rescaling)
    const { getState } = store
    expect(suggestionOf(getState())).toMatchObject({ id: 'raw', confidence: 'sure' })
    expect(getState().preprocessing).toEqual(notebookPreprocessing)
    getState().declineSuggestion()
    expect(suggestionOf(getState())).toBeNull()
    expect(getState().preprocessing).toEqual(notebookPreprocessing)
    // For another model there is a suggestion again.
    await getState().openModel([modelFile('again.h5')])
    expect(suggestionOf(getState())).not.toBeNull()
    await getState().openModel([modelFile('plain.h5')])
    expect(suggestionOf(getState())).toBeNull()
  })

  it('is followed on top of what is set, and forgets the results', async () => {
    const { store } = await readyApp(rescaling)
    const { getState } = store
    getState().setPreprocessing({ ...notebookPreprocessing, resize: 'nearest' })
    await getState().run(['first'])
    expect(getState().results.size).toBe(1)
    getState().followSuggestion()
    expect(getState().preprocessing).toEqual({ ...notebookPreprocessing, resize: 'nearest', scale: '0..255' })
    expect(getState().results.size).toBe(0)
    expect(suggestionOf(getState())).toBeNull()
  })
})

describe('the page', () => {
  it('tries settings without using them, until they are applied', async () => {
    const { store } = await readyApp()
    const { getState } = store
    await getState().run(['first'])
    getState().openInputView()
    const draft: Preprocessing = { ...notebookPreprocessing, scale: '-1..1' }
    getState().changeInputView({ draft, image: 7 })
    expect(inputViewOf(getState())).toMatchObject({ draft, image: 7 })
    expect(getState().results.size).toBe(1)
    getState().closeInputView()
    expect(getState().preprocessing).toEqual(notebookPreprocessing)
    expect(getState().results.size).toBe(1)

    getState().openInputView()
    expect(inputViewOf(getState())!.draft).toEqual(notebookPreprocessing)
    getState().changeInputView({ draft })
    getState().applyDraft()
    expect(inputViewOf(getState())).toBeNull()
    expect(getState().preprocessing).toEqual(draft)
    expect(getState().results.size).toBe(0)
  })

  it('keeps the results where the settings are the same after all', async () => {
    const { store } = await readyApp()
    const { getState } = store
    await getState().run(['first'])
    getState().openInputView()
    getState().changeInputView({ draft: { ...notebookPreprocessing } })
    getState().applyDraft()
    expect(getState().results.size).toBe(1)
  })

  it('begins with the image of the chosen patch', async () => {
    const { store } = await readyApp()
    const { getState } = store
    getState().openInputView()
    expect(inputViewOf(getState())!.image).toBe(getState().images!.table.order[0])
    await getState().run(['first'])
    getState().showLayer('first')
    getState().showChannel(2, 3)
    getState().openInputView()
    expect(inputViewOf(getState())!.image).toBe(getState().results.get('first')!.top(2, 16)[3]!.image)
    getState().openInputView(5)
    expect(inputViewOf(getState())!.image).toBe(5)
  })

  it('is closed by another model, whose image and settings it does not show', async () => {
    const { store } = await readyApp()
    store.getState().openInputView()
    await store.getState().openModel([modelFile('other.h5')])
    expect(inputViewOf(store.getState())).toBeNull()
  })
})

describe('the comparison', () => {
  it('runs every usual way on images of all classes, and names the best', async () => {
    const tried: string[] = []
    const { store } = await readyApp({
      ...rescaling,
      tryPreprocessing({ scale, mean }, images) {
        tried.push(scale)
        return report(scale === '0..255' && mean.length === 0, images)
      },
    })
    const { getState } = store
    await getState().compareCandidates()
    const trial = trialOf(getState())!
    expect(trial.chosen).toHaveLength(16)
    expect(trial.candidates.map(({ label }) => label)[0]).toBe('0…255')
    expect(tried).toHaveLength(5)
    expect(trial.comparison).toMatchObject({ best: 0 })
    expect(trial.comparison!.verdicts[0]!.right).toEqual({ count: 16, of: 16 })
    expect(trial.comparison!.classes!.assumption).toContain('alphabetical')
    // It belongs to this model only.
    await getState().openModel([modelFile('other.h5')])
    expect(trialOf(getState())).toBeNull()
  })

  it('tries settings of one’s own too', async () => {
    const { store } = await readyApp()
    const { getState } = store
    getState().openInputView()
    getState().changeInputView({ draft: { ...notebookPreprocessing, mean: [0.5], std: [0.25] } })
    await getState().compareCandidates()
    expect(trialOf(getState())!.candidates.at(-1)).toMatchObject({
      label: '0…1 with your own numbers',
      preprocessing: { mean: [0.5], std: [0.25] },
    })
  })

  it('waits for no scan and disturbs none', async () => {
    const gate = deferred()
    let trials = 0
    const { store } = await readyApp({
      scanBatch: () => gate.promise,
      tryPreprocessing(_, images) {
        trials++
        return report(true, images)
      },
    })
    const { getState } = store
    const scan = getState().run(['first'])
    await settled()
    await getState().compareCandidates()
    expect([trials, trialOf(getState())]).toEqual([0, null])
    gate.resolve()
    await scan
    expect(getState().scan.status).toBe('done')
  })

  it('is given up when the page is closed, and shows how far it is', async () => {
    const gate = deferred()
    const { store } = await readyApp({
      async tryPreprocessing({ scale }, images) {
        if (scale === '-1..1') await gate.promise
        return report(true, images)
      },
    })
    const { getState } = store
    getState().openInputView()
    const comparing = getState().compareCandidates()
    await settled()
    expect(trialOf(getState())!.reports).toHaveLength(1)
    getState().closeInputView()
    expect(trialOf(getState())).toBeNull()
    gate.resolve()
    await comparing
    expect(trialOf(getState())).toBeNull()
  })

  it('tells what goes wrong, and takes a new engine next time', async () => {
    let fails = true
    const { store, engines } = await readyApp({
      tryPreprocessing(_, images) {
        if (fails) throw new Error('out of memory')
        return report(true, images)
      },
    })
    const { getState } = store
    await getState().compareCandidates()
    expect(trialOf(getState())).toBeNull()
    expect(getState().notices.map(({ text }) => text)).toEqual(['out of memory'])
    const before = engines.all.length
    fails = false
    await getState().compareCandidates()
    expect(trialOf(getState())!.comparison).not.toBeNull()
    expect(engines.all.length).toBeGreaterThan(before)
  })
})
