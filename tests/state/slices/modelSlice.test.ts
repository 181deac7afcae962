import { describe, expect, it, vi } from 'vitest'
import { appError, sentence } from '../../../src/core/errors.ts'
import type { Network } from '../../../src/core/model/network.ts'
import type { AppStore } from '../../../src/state/store.ts'
import {
  type Behaviour,
  deferred,
  modelFile,
  readyApp,
  settled,
  smallNetwork,
  testApp,
} from '../../fixtures/fakeWorkers.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'

const damaged = appError('model/damaged', { file: 'broken.h5', reason: 'bad magic' })

/** Files that are named after what happens to them. */
const byName: Behaviour = {
  openModel(_, { name }) {
    if (name === 'broken.h5') throw damaged
    if (name === 'gone.h5') throw new DOMException('The requested file could not be read', 'NotReadableError')
    if (name === 'strange.h5') return chain([6, 5, 3], [spec('Swirl', 'swirl'), spec('ReLU', 'relu')])
    if (name === 'partly.h5') return chain([6, 5, 3], [spec('ReLU', 'relu'), spec('Swirl', 'swirl')])
    if (name === 'other.h5')
      return chain(
        [9, 9, 3],
        [
          spec('Conv2D', 'other', { filters: 4, kernel_size: 3 }),
          spec('Conv2D', 'second', { filters: 4, kernel_size: 3 }),
        ],
      )
    return smallNetwork()
  },
}

function texts(state: { notices: readonly { text: string }[] }): string[] {
  return state.notices.map(({ text }) => text)
}

/** The engines as they were spawned; the store adds decoders to them. */
async function enginesOf(store: AppStore): Promise<unknown[]> {
  const engines = await Promise.all(store.services.pool.engines())
  return engines.map((engine) => Object.getPrototypeOf(engine) as unknown)
}

describe('opening a model', () => {
  it('shows its layers, parameters and receptive fields, and a layer to begin with', async () => {
    const { store } = testApp()
    expect(await store.getState().openModel([modelFile()])).toBe(true)
    const { model, layer, backend, workers, openingModel, notices } = store.getState()
    expect(model!.name).toBe('animals.h5')
    expect(model!.network.layers.map(({ name }) => name)).toEqual(['image', 'first', 'second', 'flat'])
    expect(model!.parameters).toEqual([0, 3 * 3 * 3 * 4 + 4, 0, 0])
    expect(model!.fields.map((field) => field?.size)).toEqual([
      [1, 1],
      [3, 3],
      [3, 3],
      [6, 5],
    ])
    expect(model!.notScannable.map((reason) => reason === null)).toEqual([false, true, true, false])
    expect({ layer, backend: backend!.name, workers, openingModel, notices }).toEqual({
      layer: 'first',
      backend: 'webgl',
      workers: 1,
      openingModel: null,
      notices: [],
    })
  })

  it('says which file is being opened', async () => {
    const gate = deferred()
    const { store } = testApp({ start: () => gate.promise })
    const opening = store.getState().openModel([modelFile()])
    expect(store.getState().openingModel).toBe('animals.h5')
    gate.resolve()
    await opening
    expect(store.getState().openingModel).toBeNull()
  })

  it.each([
    [['readme.txt', 'net.H5'], 'net.H5'],
    [['group1-shard1of1.bin', 'metadata.json', 'model.json'], 'model.json'],
    [['config.json', 'net.weights.h5'], 'net.weights.h5'],
    [['weights.bin', 'antispoof.json'], 'antispoof.json'],
  ])('gives all files to the engine, the main one first: %j', async (names, main) => {
    const { store, engines } = testApp()
    await store.getState().openModel(names.map((name) => new File(['x'], name)))
    expect(engines.all[0]!.files.toSorted()).toEqual(names.toSorted())
    expect(engines.all[0]!.file!.name).toBe(main)
    expect(store.getState().model).toMatchObject({ name: main, file: engines.all[0]!.file })
  })

  it('is named after the folder that holds its files', async () => {
    const { store, engines } = testApp()
    const paths = ['flowers/weights/a.bin', 'flowers/model.json']
    await store
      .getState()
      .openModel(paths.map((path) => ({ path, file: new File(['x'], path.split('/').at(-1)!) })))
    expect(store.getState().model!.name).toBe('flowers')
    expect(engines.all[0]!.files).toEqual(['flowers/model.json', 'flowers/weights/a.bin'])
  })

  it('without a file says so', async () => {
    const { store } = testApp()
    expect(await store.getState().openModel([])).toBe(false)
    expect(texts(store.getState())).toEqual([sentence('model/no-file')])
  })

  it('that has been moved since it was chosen says which file it is and what to do', async () => {
    const { store } = testApp(byName)
    expect(await store.getState().openModel([new File(['x'], 'gone.h5')])).toBe(false)
    expect(texts(store.getState())).toEqual([
      sentence('model/unreadable', { file: 'gone.h5', reason: 'The requested file could not be read' }),
    ])
  })

  it('that has a layer which is not supported works, with a sentence that names it', async () => {
    const { store } = testApp(byName)
    expect(await store.getState().openModel([modelFile('partly.h5')])).toBe(true)
    expect(store.getState().notices).toEqual([
      expect.objectContaining({
        kind: 'warning',
        text: 'partly.h5 is open, but layer "swirl" is of type Swirl, which Urpatch does not support. It and the layers after it cannot be scanned.',
      }),
    ])
  })

  it('stays at the layer of a link, or of the model before, where there is one of that name', async () => {
    const { store } = testApp(byName)
    store.getState().showLayer('second')
    store.getState().showChannel(3, 2)
    await store.getState().openModel([modelFile()])
    expect(store.getState()).toMatchObject({ layer: 'second', channel: 3, patch: 2 })
    store.getState().showLayer('first')
    store.getState().showChannel(1)
    await store.getState().openModel([modelFile('other.h5')])
    expect(store.getState()).toMatchObject({ layer: 'second', channel: null, patch: 0 })
  })

  it('gives up a channel of the link that the layer does not have', async () => {
    const { store } = testApp(byName)
    store.getState().showLayer('second')
    store.getState().showChannel(4, 2)
    await store.getState().openModel([modelFile()])
    expect(store.getState()).toMatchObject({ layer: 'second', channel: null, patch: 0 })
  })

  it('ends the scan of the model before and forgets its results', async () => {
    const { store } = await readyApp(byName)
    await store.getState().run()
    expect(store.getState().results.size).toBe(1)
    await store.getState().openModel([modelFile('other.h5')])
    expect(store.getState()).toMatchObject({ scan: { status: 'idle' }, results: new Map() })
  })
})

describe('the size of the input', () => {
  const open: Behaviour = {
    openModel: (_, __, { inputSize }) => ({
      ...smallNetwork(),
      openSize: true,
      inputShape: [...(inputSize ?? [6, 5]), 3] as [number, number, number],
    }),
  }

  it('can be chosen where the model leaves it open, and stays on another backend', async () => {
    const { store } = testApp(open)
    await store.getState().openModel([modelFile()])
    expect(store.getState()).toMatchObject({ inputSize: null, model: { network: { inputShape: [6, 5, 3] } } })
    expect(await store.getState().setInputSize([9, 8])).toBe(true)
    expect(store.getState()).toMatchObject({
      inputSize: [9, 8],
      model: { network: { inputShape: [9, 8, 3] } },
    })
    await store.getState().setBackend('wasm')
    expect(store.getState().model!.network.inputShape).toEqual([9, 8, 3])
  })

  it('can come with the model', async () => {
    const { store } = testApp(open)
    await store.getState().openModel([modelFile()], { inputSize: [7, 7] })
    expect(store.getState().model!.network.inputShape).toEqual([7, 7, 3])
    await store.getState().openModel([modelFile()])
    expect(store.getState()).toMatchObject({ inputSize: null, model: { network: { inputShape: [6, 5, 3] } } })
  })

  it.each([
    [[0, 8], 'The setting inputSize=0×8 does not exist. Allowed: whole numbers from 1 to 4096.'],
    [[8, 4097], 'The setting inputSize=8×4097 does not exist. Allowed: whole numbers from 1 to 4096.'],
  ] as const)('that is no size is refused: %j', async (size, text) => {
    const { store, engines } = testApp(open)
    await store.getState().openModel([modelFile()])
    expect(await store.getState().setInputSize(size)).toBe(false)
    expect(texts(store.getState())).toEqual([text])
    expect(engines.all).toHaveLength(1)
  })

  it('that the model fixes cannot be chosen', async () => {
    const { store } = testApp()
    await store.getState().openModel([modelFile()])
    expect(await store.getState().setInputSize([9, 8])).toBe(false)
    expect(texts(store.getState())).toEqual([
      sentence('model/fixed-size', { file: 'animals.h5', size: '6×5' }),
    ])
  })
})

describe('a model that cannot be opened', () => {
  it.each([
    ['broken.h5', damaged.message],
    [
      'strange.h5',
      'No layer of strange.h5 can be scanned: layer "swirl" is of type Swirl, which Urpatch does not support',
    ],
  ])('leaves the model before, its results and its engines, and is told: %s', async (name, text) => {
    const { store, engines } = await readyApp(byName)
    await store.getState().run(['first'])
    const { model, results } = store.getState()
    expect(await store.getState().openModel([modelFile(name)])).toBe(false)
    expect(texts(store.getState())).toEqual([text])
    expect(store.getState()).toMatchObject({ openingModel: null, layer: 'first' })
    expect(store.getState().model).toBe(model)
    expect(store.getState().results).toBe(results)
    expect(await enginesOf(store)).toEqual([engines.all[0]!.remote])
    expect(engines.all[0]!.terminated).toBe(false)
    expect(engines.all[1]!.terminated).toBe(true)
  })

  it('as the first one leaves no model', async () => {
    const { store } = testApp(byName)
    await store.getState().openModel([modelFile('broken.h5')])
    expect(store.getState()).toMatchObject({ model: null, layer: null, backend: null })
  })
})

describe('of two models opened at a time the latest wins', () => {
  it.each([
    ['is ready first', 0],
    ['is ready last', 1],
  ])('where it %s', async (_, slow) => {
    const gate = deferred()
    const { store, engines } = testApp({
      ...byName,
      start: (engine) => (engine === slow ? gate.promise : undefined),
    })
    const earlier = store.getState().openModel([modelFile('animals.h5')])
    const later = store.getState().openModel([modelFile('other.h5')])
    await settled()
    gate.resolve()
    expect(await Promise.all([earlier, later])).toEqual([false, true])
    expect(store.getState().model!.name).toBe('other.h5')
    expect(store.getState().openingModel).toBeNull()
    expect(texts(store.getState())).toEqual([])
    expect(await enginesOf(store)).toEqual([engines.all[1]!.remote])
    expect(engines.all.map(({ terminated }) => terminated)).toEqual([true, false])
  })

  it('and a failure of the earlier one is not reported', async () => {
    const gate = deferred()
    const { store } = testApp({ ...byName, start: (engine) => (engine === 0 ? gate.promise : undefined) })
    const earlier = store.getState().openModel([modelFile('broken.h5')])
    await store.getState().openModel([modelFile('other.h5')])
    gate.resolve()
    expect(await earlier).toBe(false)
    expect(store.getState().notices).toEqual([])
    expect(store.getState().model!.name).toBe('other.h5')
  })
})

it('a run that replaces broken engines meanwhile does not overtake the model that is being opened', async () => {
  const gate = deferred()
  const { store, engines } = await readyApp({
    ...byName,
    start: (engine) => (engine === 1 ? gate.promise : undefined),
  })
  store.services.pool.markBroken()
  const opening = store.getState().openModel([modelFile('other.h5')])
  const running = store.getState().run(['first'])
  await settled()
  gate.resolve()
  await Promise.all([opening, running])
  const shown = store.getState().model!.name
  await Promise.all(store.services.pool.engines())
  const alive = engines.all.filter(({ terminated }) => !terminated)
  expect(alive.map(({ file }) => file!.name)).toEqual([shown])
})

describe('while a model is being opened', () => {
  it('no scan begins: its engines are about to go', async () => {
    const gate = deferred()
    const { store, engines } = await readyApp({
      ...byName,
      start: (engine) => (engine === 1 ? gate.promise : undefined),
    })
    const opening = store.getState().openModel([modelFile('other.h5')])
    await store.getState().run(['first'])
    expect(store.getState()).toMatchObject({ scan: { status: 'idle' }, results: new Map(), notices: [] })
    expect(engines.all[0]!.batches).toEqual([])
    gate.resolve()
    await opening
    await store.getState().run(['other'])
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { layers: ['other'] } })
  })

  it('a scan begins again where it could not be opened', async () => {
    const { store } = await readyApp(byName)
    await store.getState().openModel([modelFile('broken.h5')])
    await store.getState().run(['first'])
    expect(store.getState().scan.status).toBe('done')
  })

  it('workers of the model before that were still starting are ended without a word', async () => {
    const gate = deferred()
    const { store, engines } = await readyApp(
      {
        ...byName,
        backend: 'wasm',
        start: (engine) => (engine === 1 || engine === 2 ? gate.promise : undefined),
      },
      100,
      3,
    )
    await store.getState().run(['first'])
    expect(store.getState().scan.status).toBe('done')
    await store.getState().openModel([modelFile('other.h5')])
    await settled()
    expect(engines.all.slice(0, 3).map(({ terminated }) => terminated)).toEqual([true, true, true])
    expect(texts(store.getState())).toEqual([sentence('scan/put-aside', { count: 1 })])
  })
})

describe('a model that takes too long to read', () => {
  it('is told of with a button that opens it again and waits', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const slow = deferred<Network>()
    const { store } = testApp({
      openModel: (engine) => (engine === 0 ? new Promise(() => undefined) : slow.promise),
    })
    const opening = store.getState().openModel([modelFile('slow.h5')])
    await vi.advanceTimersByTimeAsync(31_000)
    expect(await opening).toBe(false)
    const [notice] = store.getState().notices
    expect(notice!.text).toBe(sentence('model/too-slow', { file: 'slow.h5', seconds: 31 }))
    expect(store.getState().openingModel).toBeNull()
    notice!.action!.run()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(store.getState().openingModel).toBe('slow.h5')
    slow.resolve(smallNetwork())
    await vi.waitFor(() => expect(store.getState().model?.name).toBe('slow.h5'))
    vi.useRealTimers()
  })
})

describe('another backend', () => {
  it('opens the model again on it', async () => {
    const { store, engines } = testApp({}, 3)
    await store.getState().openModel([modelFile()])
    await store.getState().setBackend('wasm')
    expect(store.getState()).toMatchObject({ backendChoice: 'wasm', workers: 3, backend: { name: 'wasm' } })
    expect(engines.all.map(({ terminated }) => terminated)).toEqual([true, false, false, false])
  })

  it('that is not there leaves the one before', async () => {
    const gone = appError('backend/unavailable', { backend: 'WASM', reason: 'no memory' })
    const { store, engines } = testApp({
      start(_, choice) {
        if (choice === 'wasm') throw gone
      },
    })
    await store.getState().openModel([modelFile()])
    await store.getState().setBackend('wasm')
    expect(store.getState()).toMatchObject({ backendChoice: 'auto', workers: 1, backend: { name: 'webgl' } })
    expect(texts(store.getState())).toEqual([gone.message])
    expect(engines.all[0]!.terminated).toBe(false)
  })

  it('is remembered for the first model', async () => {
    const { store } = testApp({}, 1)
    await store.getState().setBackend('wasm')
    expect(store.getState().backend).toBeNull()
    await store.getState().openModel([modelFile()])
    expect(store.getState().backend!.name).toBe('wasm')
  })
})
