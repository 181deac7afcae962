import { describe, expect, it, vi } from 'vitest'
import { clauseError } from '../../../src/core/errors.ts'
import type { ActivationMap } from '../../../src/core/mosaic/heatMap.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { shownHeatGrid, heatOf } from '../../../src/state/selectors/heat.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'
import { deferred, readyApp, settled } from '../../fixtures/fakeWorkers.ts'

type Request = Parameters<Engine['imageMap']>

/** An app that notes what its engines are asked for. Maps have one unit, whose value is the number of the request. */
async function app(answer: (request: Request) => Promise<void> | void = () => undefined) {
  const requests: Request[] = []
  const made = await readyApp({
    async imageMap(_, ...request): Promise<ActivationMap> {
      const values = Float32Array.of(requests.push(request))
      await answer(request)
      return { rows: 1, columns: 1, values }
    },
  })
  return { ...made, requests, state: made.store.getState }
}

const place = { layer: 'first', channel: 1, image: 0 }

describe('a heat-map', () => {
  it('is what the first engine computes of the image, as in the scan', async () => {
    const { state, requests } = await app()
    await state().run(['first', 'second'])
    const map = await state().heatMap({ ...place, image: 2 })
    expect(map!.values).toEqual(Float32Array.of(1))
    const { model, images, preprocessing } = state()
    const index = (name: string): number => model!.network.layers.findIndex((layer) => layer.name === name)
    const picture = images!.source.open(images!.table.paths[2]!)
    expect(requests).toEqual([
      [{ picture, preprocessing, together: [index('first'), index('second')] }, index('first'), 1],
    ])
  })

  it('is computed once for the same image, layer, channel, model and settings', async () => {
    const { state, requests } = await app()
    expect(state().knownHeatMap(place)).toBeNull()
    const [one, two] = await Promise.all([state().heatMap(place), state().heatMap(place)])
    expect([one, await state().heatMap(place), state().knownHeatMap(place)]).toEqual([two, two, two])
    expect(requests).toHaveLength(1)
    await state().heatMap({ ...place, channel: 2 })
    await state().heatMap({ ...place, image: 1 })
    await state().heatMap({ ...place, layer: 'second' })
    state().setPreprocessing({ ...state().preprocessing, scale: '-1..1' })
    expect(state().knownHeatMap(place)).toBeNull()
    await state().heatMap(place)
    expect(requests).toHaveLength(5)
  })

  it('is not computed any more if nobody waits for it when its turn comes', async () => {
    const gate = deferred()
    const { state, requests } = await app(() => gate.promise)
    const first = state().heatMap(place)
    const left = new AbortController()
    const second = state().heatMap({ ...place, channel: 2 }, left.signal)
    const third = state().heatMap({ ...place, channel: 3 })
    await settled()
    left.abort()
    gate.resolve()
    expect((await first)!.values[0]).toBe(1)
    expect(await second).toBeNull()
    expect((await third)!.values[0]).toBe(2)
    expect(requests.map(([, , channel]) => channel)).toEqual([1, 3])
  })

  it('of an image that cannot be read says why, and harms neither the engine nor the next one', async () => {
    let broken = true
    const { state, engines } = await app(() => {
      if (broken) throw clauseError('images/unknown-kind')
    })
    const count = engines.all.length
    await expect(state().heatMap(place)).rejects.toMatchObject({ code: 'images/unknown-kind' })
    broken = false
    expect(await state().heatMap(place)).not.toBeNull()
    expect(engines.all).toHaveLength(count)
  })

  it('of an engine that has failed comes from another one', async () => {
    const failing = vi.fn().mockRejectedValueOnce(new Error('lost')).mockResolvedValue(undefined)
    const { state, engines } = await app(failing)
    const count = engines.all.length
    await expect(state().heatMap(place)).rejects.toThrow('lost')
    expect(await state().heatMap(place)).not.toBeNull()
    expect(engines.all.length).toBe(count + 1)
  })
})

it('is shown if the user wants it: at first only if units see nearly all of the image', async () => {
  const { state } = await app()
  expect(heatOf(state(), 'first')).toMatchObject({ seesAll: false })
  expect(shownHeatGrid(state(), 'first')).toBeNull()
  state().setHeat({ part: true })
  expect(shownHeatGrid(state(), 'first')).not.toBeNull()
  expect(state().heat).toEqual({ part: true, whole: true, patches: false, opacity: 0.8 })
  expect(shownHeatGrid(state(), 'no such layer')).toBeNull()
})

it('is shown at once if units see nearly all of the image, and is none of layers with one unit', async () => {
  const network = chain(
    [20, 20, 3],
    [
      spec('Conv2D', 'part', { filters: 2, kernel_size: 17, padding: 'same' }),
      spec('Conv2D', 'nearly', { filters: 2, kernel_size: 3, padding: 'same' }),
      spec('GlobalMaxPooling2D', 'pooled'),
    ],
  )
  const { store } = await readyApp({ openModel: () => network })
  const { getState } = store
  expect(heatOf(getState(), 'part')).toMatchObject({ seesAll: false, why: null })
  expect(shownHeatGrid(getState(), 'part')).toBeNull()
  expect(heatOf(getState(), 'nearly')).toMatchObject({ seesAll: true, why: null })
  expect(shownHeatGrid(getState(), 'nearly')).toMatchObject({ rows: { length: 20 } })
  getState().setHeat({ whole: false })
  expect(shownHeatGrid(getState(), 'nearly')).toBeNull()
  expect(heatOf(getState(), 'pooled')!.why).toContain('single unit')
})
