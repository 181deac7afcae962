import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/errors.ts'
import { everything } from '../../../src/core/images/selection.ts'
import { isWhole } from '../../../src/state/scan/coverage.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { channels, expectedTop, readyApp, settled } from '../../fixtures/fakeWorkers.ts'
import { gatedBatches } from '../../fixtures/gatedBatches.ts'

const all = (count: number): number[] => [...Array(count).keys()]
const layerNumber = { first: 1, second: 2 }

function tops(store: AppStore, layer: keyof typeof layerNumber) {
  const result = store.getState().results.get(layer)!
  return Array.from({ length: channels }, (_, channel) => result.top(channel, 16))
}

function expectedTops(layer: keyof typeof layerNumber, count: number) {
  return Array.from({ length: channels }, (_, channel) =>
    expectedTop(layerNumber[layer], all(count), channel, 16),
  )
}

const texts = (store: AppStore): string[] => store.getState().notices.map(({ text }) => text)
const queued = (store: AppStore): string[][] => store.getState().queue.map(({ names }) => [...names])
const underWay = (store: AppStore): readonly string[] => {
  const { scan } = store.getState()
  return 'progress' in scan ? scan.progress.layers : []
}

describe('Run on a layer that has results', () => {
  it('after Stop goes on with what is left, and ends as if nothing had been', async () => {
    const { behaviour, answer, answerAll } = gatedBatches()
    const { store, engines } = await readyApp(behaviour, 160)
    const stopped = store.getState().run()
    await settled()
    await answer()
    store.getState().stop()
    await stopped
    await answerAll()
    const { scanned } = store.getState().results.get('first')!
    expect(scanned).toBe(16)
    expect(isWhole(store.getState(), 'first')).toBe(false)
    const before = store.getState().results.get('first')
    const ended = store.getState().run()
    await answerAll()
    await ended
    expect(store.getState().results.get('first')).toBe(before)
    expect(before!.scanned).toBe(160)
    expect(isWhole(store.getState(), 'first')).toBe(true)
    expect(tops(store, 'first')).toEqual(expectedTops('first', 160))
    const batches = engines.all[0]!.batches.flat()
    // The images that were being scanned at Stop were scanned twice.
    expect(new Set(batches).size).toBe(160)
  })

  it('where nothing is left does nothing but say so, and offers to scan again', async () => {
    const { store, engines } = await readyApp({}, 40)
    await store.getState().run()
    const { results } = store.getState()
    await store.getState().run()
    expect(store.getState().results).toBe(results)
    expect(engines.all[0]!.batches.flat()).toHaveLength(40)
    expect(texts(store)).toEqual([sentence('scan/nothing-left', { layers: 'first' })])
    store.getState().notices[0]!.action!.run()
    await settled()
    await settled()
    expect(engines.all[0]!.batches.flat()).toHaveLength(80)
    expect(store.getState().results).not.toBe(results)
    expect(tops(store, 'first')).toEqual(expectedTops('first', 40))
  })

  it('from the start keeps the results until there are new ones, and Undo brings them back', async () => {
    const { behaviour, answer, answerAll } = gatedBatches()
    const { store } = await readyApp(behaviour, 100)
    const first = store.getState().run()
    await answerAll()
    await first
    const { results, coverage } = store.getState()
    const again = store.getState().runAnew()
    await settled()
    await settled()
    expect(store.getState().scan.status).toBe('running')
    expect(store.getState().results.get('first')).toBe(results.get('first'))
    await answer()
    expect(store.getState().results.get('first')).not.toBe(results.get('first'))
    expect(texts(store)).toEqual([sentence('scan/anew', { layers: 'first' })])
    store.getState().notices[0]!.action!.run()
    await again
    await answerAll()
    expect(store.getState().scan.status).toBe('stopped')
    expect(store.getState().results.get('first')).toBe(results.get('first'))
    expect(store.getState().coverage.get('first')).toBe(coverage.get('first'))
    expect(tops(store, 'first')).toEqual(expectedTops('first', 100))
  })

  it('after a sample goes on to a sample that holds it, and begins anew for one that does not', async () => {
    const { store, engines } = await readyApp({}, 100)
    const choose = (first: number): void =>
      store.getState().setSelection({ ...everything, sample: { first } })
    choose(20)
    await store.getState().run()
    const sampled = store.getState().results.get('first')
    choose(50)
    await store.getState().run()
    expect(store.getState().results.get('first')).toBe(sampled)
    expect(store.getState().coverage.get('first')!.sample).toEqual({ first: 50 })
    expect(engines.all[0]!.batches.flat().toSorted((a, b) => a - b)).toEqual(all(50))
    expect(tops(store, 'first')).toEqual(expectedTops('first', 50))
    choose(10)
    await store.getState().run()
    expect(tops(store, 'first')).toEqual(expectedTops('first', 10))
  })

  it('of a scope that is done in part scans each as far as it has to be', async () => {
    const { store, engines } = await readyApp({}, 60)
    store.getState().setSelection({ ...everything, sample: { first: 24 } })
    await store.getState().run(['second'])
    store.getState().setSelection(everything)
    await store.getState().run(['first', 'second'])
    expect(engines.all[0]!.batches.flat()).toHaveLength(24 + 60 + 36)
    expect(tops(store, 'first')).toEqual(expectedTops('first', 60))
    expect(tops(store, 'second')).toEqual(expectedTops('second', 60))
  })
})

describe('what is asked for while a scan runs', () => {
  it('waits for its turn, and is scanned over the same images', async () => {
    const { behaviour, answer, answerAll } = gatedBatches()
    const { store } = await readyApp(behaviour, 100)
    const first = store.getState().run(['first'])
    await settled()
    await answer()
    const second = store.getState().run(['second'])
    await settled()
    expect(queued(store)).toEqual([['second']])
    expect(underWay(store)).toEqual(['first'])
    await answerAll()
    await Promise.all([first, second])
    expect(queued(store)).toEqual([])
    expect(tops(store, 'first')).toEqual(expectedTops('first', 100))
    expect(tops(store, 'second')).toEqual(expectedTops('second', 100))
  })

  it('can be taken out of the queue', async () => {
    const { behaviour, answerAll } = gatedBatches()
    const { store } = await readyApp(behaviour, 40)
    const first = store.getState().run(['first'])
    const second = store.getState().run(['second'])
    await settled()
    store.getState().unqueue(store.getState().queue[0]!.id)
    await second
    await answerAll()
    await first
    expect([...store.getState().results.keys()]).toEqual(['first'])
  })

  it('goes with Stop, which says so', async () => {
    const { behaviour, answer, answerAll } = gatedBatches()
    const { store } = await readyApp(behaviour, 100)
    const asked = [store.getState().run(['first']), store.getState().run(['second'])]
    await settled()
    await answer()
    store.getState().stop()
    await Promise.all(asked)
    await answerAll()
    expect(store.getState().scan.status).toBe('stopped')
    expect(queued(store)).toEqual([])
    expect([...store.getState().results.keys()]).toEqual(['first'])
    expect(texts(store)).toEqual([sentence('scan/queue-stopped', { layers: 'second' })])
  })

  it('goes with a scan that fails, which is told', async () => {
    const { store } = await readyApp({
      beginScan() {
        throw new Error('no engine')
      },
    })
    const asked = [store.getState().run(['first']), store.getState().run(['second'])]
    await Promise.all(asked)
    expect(store.getState().scan.status).toBe('failed')
    expect(queued(store)).toEqual([])
    expect(texts(store)).toContain(sentence('scan/queue-dropped', { layers: 'second' }))
  })

  it('is forgotten with the images', async () => {
    const { behaviour, answerAll } = gatedBatches()
    const { store } = await readyApp(behaviour, 40)
    const asked = [store.getState().run(['first']), store.getState().run(['second'])]
    await settled()
    store.getState().clearResults()
    await Promise.all(asked)
    await answerAll()
    expect(store.getState()).toMatchObject({ queue: [], scan: { status: 'idle' }, results: new Map() })
  })

  it('comes first where that is wanted; what it interrupts goes on afterwards', async () => {
    const { behaviour, answer, answerAll } = gatedBatches()
    const { store } = await readyApp(behaviour, 100)
    let ended = false
    const first = store.getState().run(['first'])
    void first.then(() => (ended = true))
    await settled()
    await answer()
    const second = store.getState().runFirst(['second'])
    await settled()
    await settled()
    expect(ended).toBe(false)
    expect(underWay(store)).toEqual(['second'])
    expect(queued(store)).toEqual([['first']])
    await answerAll()
    await second
    await first
    expect(store.getState().scan.status).toBe('done')
    expect(tops(store, 'first')).toEqual(expectedTops('first', 100))
    expect(tops(store, 'second')).toEqual(expectedTops('second', 100))
  })
})
