import { describe, expect, it } from 'vitest'
import {
  isMeasuredEarlier,
  measured,
  measuredTable,
  scannedLayers,
} from '../../../src/state/selectors/measured.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { readyApp } from '../../fixtures/fakeWorkers.ts'

async function scannedApp(): Promise<AppStore> {
  const { store } = await readyApp({}, 40)
  await store.getState().run(['first'])
  return store
}

function measureAll({ getState }: AppStore, layer = 'first'): number {
  let count = 0
  for (
    let some = measured.doSome(getState(), layer, 3);
    some > 0;
    some = measured.doSome(getState(), layer, 3)
  )
    count += some
  return count
}

describe('the measures of a layer', () => {
  it('are found a few channels at a time, once', async () => {
    const store = await scannedApp()
    const { getState } = store
    expect(measured.of(getState(), 'second')).toBe(null)
    expect(measured.doSome(getState(), 'second', 9)).toBe(0)
    expect(measured.of(getState(), 'first')).toMatchObject({ channels: 4, done: 0 })
    expect(measured.doSome(getState(), 'first', 3)).toBe(3)
    expect(measured.doSome(getState(), 'first', 3)).toBe(1)
    expect(measured.doSome(getState(), 'first', 3)).toBe(0)
    expect([...measured.of(getState(), 'first')!.values('dead')]).toEqual([1, 0, 0, 0])
  })

  it('are found again if another number of patches counts; until then the earlier ones are shown', async () => {
    const store = await scannedApp()
    const { getState } = store
    measureAll(store)
    const earlier = measured.of(getState(), 'first')!
    getState().setK(9)
    expect(measured.of(getState(), 'first')).toBe(earlier)
    expect(measured.doSome(getState(), 'first', 3)).toBe(3)
    expect(measured.of(getState(), 'first')).toBe(earlier)
    expect(measureAll(store)).toBe(1)
    const now = measured.of(getState(), 'first')!
    expect(now).not.toBe(earlier)
    expect(now.values('spread')[1]).toBeLessThan(earlier.values('spread')[1]!)
  })

  it('stay while the scan goes on, until the user asks or the scan has ended', async () => {
    const store = await scannedApp()
    const { getState } = store
    getState().setSelection({ classes: null, splits: null, sample: { first: 10 } })
    getState().clearResults()
    await getState().run(['first'])
    getState().setSelection({ classes: null, splits: null, sample: 'all' })
    measureAll(store)
    const { result } = measured.of(getState(), 'first')!
    expect(isMeasuredEarlier(getState(), ['first', 'second'])).toBe(false)
    // As if more images had come in.
    Object.assign(result, { scanned: result.scanned + 1 })
    expect(isMeasuredEarlier(getState(), ['first', 'second'])).toBe(true)
    expect(measureAll(store)).toBe(0)
    getState().sortAgain()
    expect(measureAll(store)).toBe(4)
    expect(isMeasuredEarlier(getState(), ['first'])).toBe(false)
    await getState().run(['first'])
    expect(measureAll(store)).toBe(4)
  })

  it('make the rows of a table, for each layer that has results', async () => {
    const store = await scannedApp()
    const { getState } = store
    expect(scannedLayers(getState())).toEqual(['first'])
    const table = measuredTable(getState(), ['second', 'first'])
    expect(table.rows).toBe(8)
    expect(table.place(5)).toMatchObject({ layer: { name: 'first' }, channel: 1 })
  })
})
