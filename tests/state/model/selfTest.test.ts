import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BackendChoice } from '../../../src/core/backendNames.ts'
import type { ProbeTaps } from '../../../src/core/scan/selfTest.ts'
import type { BackendReport } from '../../../src/engine/backend/chooseBackend.ts'
import type { LayerProbe } from '../../../src/engine/scan/probe.ts'
import {
  type Behaviour,
  deferred,
  folderOf,
  imagePaths,
  modelFile,
  settled,
  smallNetwork,
  sourceOf,
  testApp,
} from '../../fixtures/fakeWorkers.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'

/** What `second`, layer 2 of the network, makes of the image: its largest activation, plus an error. */
function probes(error: number): readonly LayerProbe[] {
  const layer = smallNetwork().layers.findIndex(({ name }) => name === 'second')
  return [{ layer, max: Float32Array.of(4 + 4 * error, 1), min: Float32Array.of(0, 0) }]
}

/** An app with an engine whose numbers are off by so much, and a reference that is right. */
async function opened(
  backend: BackendReport['name'],
  error: number | Record<ProbeTaps, number>,
  reference: Behaviour = {},
) {
  const choices: BackendChoice[] = []
  const app = testApp(
    { backend, probe: (_, taps) => probes(typeof error === 'number' ? error : error[taps]) },
    2,
    {
      probe: () => probes(0),
      start: (_, choice) => void choices.push(choice),
      ...reference,
    },
  )
  await app.store.getState().openModel([modelFile()])
  await settled()
  return { ...app, choices }
}

const texts = ({ store }: Awaited<ReturnType<typeof opened>>) =>
  store.getState().notices.map(({ text }) => text)

describe('the self-test of WebGL', () => {
  it('passes where it computes what WASM computes, and says nothing', async () => {
    const app = await opened('webgl', 1e-5)
    const { selfTest } = app.store.getState()
    expect(selfTest).toMatchObject({ status: 'passed' })
    expect(texts(app)).toEqual([])
    expect(app.references.all.map(({ terminated }) => terminated)).toEqual([true])
    expect(app.choices).toEqual(['tfjs-wasm'])
  })

  it('names the layer where it begins to differ, once, and leaves the choice to the user', async () => {
    const app = await opened('webgl', 0.0125)
    expect(app.store.getState().selfTest).toMatchObject({ status: 'differs', layer: 'second' })
    expect(texts(app)).toEqual([
      `From layer "second" on, WebGL computes other numbers than TensorFlow.js' own kernels (by 1.3 % of the layer's largest activation), so images with nearly the same activation may change places. Choose WASM in the backend menu for exact results.`,
    ])
    expect(app.store.getState().backend!.name).toBe('webgl')
  })

  it('never holds a scan up: it is under way when the model is open', async () => {
    const waiting = deferred()
    const app = await opened('webgl', 0, { start: () => waiting.promise })
    expect(app.store.getState()).toMatchObject({ openingModel: null, selfTest: { status: 'running' } })
    waiting.resolve()
    await settled()
    expect(app.store.getState().selfTest).toEqual({ status: 'passed', error: 0 })
  })

  it('that fails itself is no error of the user', async () => {
    const app = await opened('webgl', 0, { start: () => Promise.reject(new Error('no memory')) })
    expect(app.store.getState().selfTest).toEqual({ status: 'failed', reason: 'no memory' })
    expect(texts(app)).toEqual([])
  })

  it('ends with its model', async () => {
    const waiting = deferred()
    const app = await opened('webgl', 0, { start: (engine) => (engine === 0 ? waiting.promise : undefined) })
    await app.store.getState().openModel([modelFile()])
    expect(app.references.all[0]!.terminated).toBe(true)
    await settled()
    expect(app.store.getState().selfTest).toEqual({ status: 'passed', error: 0 })
    waiting.resolve()
    await settled()
    expect(texts(app)).toEqual([])
  })
})

describe('the self-test of our kernels on WASM', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** As long as a test waits for quiet. */
  async function quiet(seconds = 2): Promise<void> {
    await vi.advanceTimersByTimeAsync(seconds * 1000)
    await settled()
  }

  it('waits until nothing has gone on for two seconds, and passes without a word', async () => {
    const app = await opened('wasm', 1e-6)
    await quiet(1.5)
    expect(app.references.all).toEqual([])
    expect(app.store.getState().selfTest).toEqual({ status: 'waiting' })
    await quiet(0.5)
    expect(app.store.getState().selfTest).toEqual({
      status: 'passed',
      error: expect.closeTo(1e-6, 7) as number,
    })
    expect(app.choices).toEqual(['tfjs-wasm'])
    expect(app.references.all[0]!.terminated).toBe(true)
    expect(texts(app)).toEqual([])
    await quiet(60)
    expect(app.references.all).toHaveLength(1)
  })

  it('names the first layer that differs, and what to choose', async () => {
    const app = await opened('wasm', 0.0125)
    await quiet()
    expect(app.store.getState().selfTest).toMatchObject({
      status: 'differs',
      layer: 'second',
      isFolded: false,
    })
    expect(texts(app)).toEqual([
      `From layer "second" on, WASM computes other numbers than TensorFlow.js' own kernels (by 1.3 % of the layer's largest activation), so images with nearly the same activation may change places. Choose WASM reference in the backend menu for exact results.`,
    ])
  })

  it('finds what is wrong only if layers are folded into one another, and says so', async () => {
    const app = await opened('wasm', { all: 0, ends: 0.5 })
    await quiet()
    expect(app.store.getState().selfTest).toMatchObject({
      status: 'differs',
      layer: 'second',
      isFolded: true,
    })
    expect(texts(app)[0]).toMatch(
      /^From layer "second" on, if layers before it are folded into one another, WASM/,
    )
  })

  it('is not held for the reference itself', async () => {
    const app = await opened('wasm', 1)
    await app.store.getState().setBackend('tfjs-wasm')
    expect(app.store.getState()).toMatchObject({
      backendChoice: 'tfjs-wasm',
      backend: { name: 'wasm', isReference: true },
      selfTest: null,
      workers: 2,
    })
    await quiet(60)
    expect(app.references.all).toEqual([])
  })

  it('gives way to a scan at once, and is held when that has ended', async () => {
    const gate = deferred()
    const app = await opened('wasm', 0, { openModel: () => gate.promise.then(() => smallNetwork()) })
    await quiet()
    expect(app.references.all).toHaveLength(1)
    const { getState } = app.store
    await getState().openImages(sourceOf('photos', folderOf(imagePaths(4))))
    const scan = getState().run(['first'])
    await vi.advanceTimersByTimeAsync(0)
    expect(app.references.all[0]!.terminated).toBe(true)
    await scan
    expect(getState()).toMatchObject({ scan: { status: 'done' }, selfTest: { status: 'waiting' } })
    gate.resolve()
    await quiet()
    expect(app.references.all).toHaveLength(2)
    expect(getState().selfTest).toEqual({ status: 'passed', error: 0 })
  })

  it('waits as long as a scan runs or is paused', async () => {
    const gate = deferred()
    const app = testApp({ backend: 'wasm', scanBatch: () => gate.promise })
    const { getState } = app.store
    await getState().openModel([modelFile()])
    await getState().openImages(sourceOf('photos', folderOf(imagePaths(40))))
    const scan = getState().run(['first'])
    await quiet(30)
    expect(getState().scan.status).toBe('running')
    getState().pause()
    await quiet(30)
    expect(getState().scan.status).toBe('paused')
    expect(app.references.all).toEqual([])
    getState().resume()
    gate.resolve()
    await scan
    await quiet()
    expect(app.references.all).toHaveLength(1)
  })

  it('is cancelled with its model', async () => {
    const gate = deferred()
    const app = await opened('wasm', 0, { start: (engine) => (engine === 0 ? gate.promise : undefined) })
    await quiet()
    await app.store.getState().openModel([modelFile('other.h5')])
    expect(app.references.all[0]!.terminated).toBe(true)
    expect(app.store.getState().selfTest).toEqual({ status: 'waiting' })
    gate.resolve()
    await quiet()
    expect(app.references.all).toHaveLength(2)
    expect(app.references.all[1]!.file!.name).toBe('other.h5')
    expect(app.store.getState().selfTest).toEqual({ status: 'passed', error: 0 })
  })

  it('is skipped for models whose weights would take too much memory twice', async () => {
    const large = chain(
      [6, 5, 3],
      [
        spec('Conv2D', 'conv', { filters: 64, kernel_size: 3 }),
        spec('GlobalAveragePooling2D', 'pool'),
        spec('Dense', 'wide', { units: 2_000_000 }),
      ],
    )
    const app = testApp({ backend: 'wasm', openModel: () => large })
    await app.store.getState().openModel([modelFile()])
    await quiet()
    expect(app.store.getState().selfTest).toEqual({
      status: 'skipped',
      reason: 'its weights take 520 MB, too much to hold them twice',
    })
    expect(app.references.all).toEqual([])
  })
})

describe('WebGPU', () => {
  async function chosen(error: number, reference: Behaviour = {}) {
    const app = await opened('wasm', error, reference)
    await app.store.getState().setBackend('webgpu')
    return app
  }

  it('is taken where it computes what WASM computes on this model', async () => {
    const app = await chosen(1e-5)
    expect(app.store.getState()).toMatchObject({
      backend: { name: 'webgpu' },
      backendChoice: 'webgpu',
      selfTest: { status: 'passed' },
    })
    // The comparison was made once, before the backend was used.
    expect(app.references.all).toHaveLength(1)
  })

  it('is refused where it does not, and the backend before stays with its model', async () => {
    const app = await opened('wasm', 0.5)
    const { model } = app.store.getState()
    const engines = app.engines.all.filter(({ terminated }) => !terminated)
    await app.store.getState().setBackend('webgpu')
    expect(app.store.getState()).toMatchObject({
      backend: { name: 'wasm' },
      backendChoice: 'auto',
      // That of the backend that stays still waits.
      selfTest: { status: 'waiting' },
    })
    expect(app.store.getState().model).toBe(model)
    expect(engines.every(({ terminated }) => !terminated)).toBe(true)
    expect(texts(app)).toEqual([
      `WebGPU is not used for animals.h5: from layer "second" on it computes other numbers than TensorFlow.js' own kernels (by 50 % of the layer's largest activation).`,
    ])
  })

  it('is refused where nothing can be compared', async () => {
    const app = await chosen(0, { openModel: () => Promise.reject(new Error('it is gone')) })
    expect(app.store.getState().backend!.name).toBe('wasm')
    expect(texts(app)).toEqual([
      `WebGPU is not used for animals.h5: it could not be compared with TensorFlow.js' own kernels (it is gone).`,
    ])
  })

  it('gives way to the best other backend for another model that it is wrong on', async () => {
    let error = 0
    const app = testApp({ backend: 'wasm', probe: () => probes(error) }, 2, { probe: () => probes(0) })
    await app.store.getState().setBackend('webgpu')
    await app.store.getState().openModel([modelFile()])
    expect(app.store.getState().backend!.name).toBe('webgpu')
    error = 0.5
    expect(await app.store.getState().openModel([modelFile('other.h5')])).toBe(true)
    expect(app.store.getState()).toMatchObject({
      model: { name: 'other.h5' },
      backend: { name: 'wasm' },
      backendChoice: 'auto',
      openingModel: null,
    })
  })
})
