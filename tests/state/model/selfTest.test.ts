import { describe, expect, it } from 'vitest'
import type { BackendReport } from '../../../src/engine/backend/chooseBackend.ts'
import type { LayerProbe } from '../../../src/engine/scan/probe.ts'
import {
  type Behaviour,
  deferred,
  modelFile,
  settled,
  smallNetwork,
  testApp,
} from '../../fixtures/fakeWorkers.ts'

/** What `second`, layer 2 of the network, makes of the image: its largest activation, plus an error. */
function probes(error: number): readonly LayerProbe[] {
  const layer = smallNetwork().layers.findIndex(({ name }) => name === 'second')
  return [{ layer, max: Float32Array.of(4 + 4 * error, 1), min: Float32Array.of(0, 0) }]
}

/** An app with an engine whose numbers are off by so much, and a reference that is right. */
async function opened(backend: BackendReport['name'], error: number, reference: Behaviour = {}) {
  const app = testApp({ backend, probe: () => probes(error) }, 2, { probe: () => probes(0), ...reference })
  await app.store.getState().openModel([modelFile()])
  await settled()
  return app
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
  })

  it('names the layer where it begins to differ, once, and leaves the choice to the user', async () => {
    const app = await opened('webgl', 0.0125)
    expect(app.store.getState().selfTest).toMatchObject({ status: 'differs', layer: 'second' })
    expect(texts(app)).toEqual([
      `From layer "second" on, WebGL computes other numbers than WASM (by 1.3 % of the layer's largest activation), so images with nearly the same activation may change places. Choose WASM in the backend menu for exact results.`,
    ])
    expect(app.store.getState().backend!.name).toBe('webgl')
  })

  it('is not held on WASM', async () => {
    const app = await opened('wasm', 1)
    expect(app.store.getState().selfTest).toBeNull()
    expect(app.references.all).toHaveLength(0)
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
      selfTest: null,
    })
    expect(app.store.getState().model).toBe(model)
    expect(engines.every(({ terminated }) => !terminated)).toBe(true)
    expect(texts(app)).toEqual([
      `WebGPU is not used for animals.h5: from layer "second" on it computes other numbers than WASM (by 50 % of the layer's largest activation).`,
    ])
  })

  it('is refused where nothing can be compared', async () => {
    const app = await chosen(0, { openModel: () => Promise.reject(new Error('it is gone')) })
    expect(app.store.getState().backend!.name).toBe('wasm')
    expect(texts(app)).toEqual([
      'WebGPU is not used for animals.h5: it could not be compared with WASM (it is gone).',
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
