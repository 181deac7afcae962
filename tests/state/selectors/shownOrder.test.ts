import { describe, expect, it } from 'vitest'
import { orderChannels } from '../../../src/core/mosaic/channelOrder.ts'
import { findRows } from '../../../src/core/mosaic/channelTable.ts'
import { measured, measuredTable } from '../../../src/state/selectors/measured.ts'
import { oldOrderTime, shownOrder } from '../../../src/state/selectors/shownOrder.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { channels, deferred, readyApp, settled } from '../../fixtures/fakeWorkers.ts'

async function scanning() {
  let gates: (() => void)[] = []
  const { store } = await readyApp(
    {
      scanBatch: async () => {
        const gate = deferred()
        gates.push(gate.resolve)
        await gate.promise
      },
    },
    320,
  )
  const end = store.getState().run()
  await settled()
  const answer = async (): Promise<void> => {
    gates.shift()?.()
    await settled()
  }
  const answerAll = async (): Promise<void> => {
    while (store.getState().scan.status === 'running') {
      const open = gates
      gates = []
      for (const release of open) release()
      await settled()
    }
    await end
  }
  return { store, answer, answerAll }
}

const shown = (store: AppStore): readonly number[] => shownOrder(store.getState()).channels

/** The order by what is known now. */
function byActivation(store: AppStore): number[] {
  const { results, images, k } = store.getState()
  return orderChannels(
    channels,
    { sort: 'activation', reversed: false, hideDead: true, bestClass: null },
    results.get('first'),
    k,
    images!.table.classOf,
  )
}

/** Measures a layer, as what shows it does in turns. */
function measureAll({ getState }: AppStore, layer = 'first'): void {
  while (measured.doSome(getState(), layer, 1) > 0);
  getState().noteMeasured()
}

describe('channels in ranges of measures', () => {
  it('are shown as soon as all are measured, and as the table has them', async () => {
    const { store } = await readyApp({}, 40)
    const { getState } = store
    await getState().run(['first'])
    expect(shown(store)).toEqual([0, 1, 2, 3])
    getState().find({ ranges: { max: [1e-6, null], nonsense: [7, 8] } })
    // Until then, none is hidden.
    expect(shown(store)).toEqual([0, 1, 2, 3])
    measureAll(store)
    const values = measured.of(getState(), 'first')!.values('max')
    const least = Math.min(...values.subarray(1))
    getState().find({ ranges: { max: [least, null] } })
    const expected = [0, 1, 2, 3].filter((channel) => values[channel]! >= least)
    expect(expected).toEqual([1, 2, 3])
    expect(shown(store)).toEqual(expected)
    const table = measuredTable(getState(), ['first'])
    const rows = findRows(table, {
      finding: getState().finding,
      hideDead: false,
      topClass: null,
      isNoted: null,
      noteOf: () => '',
      classNameOf: String,
    })
    expect([...rows]).toEqual(expected)
    getState().find({ ranges: {} })
    expect(shown(store)).toEqual([0, 1, 2, 3])
  })

  it('keep their order while a scan goes on, and are sought again if that is asked for', async () => {
    const { store, answer, answerAll } = await scanning()
    await answer()
    measureAll(store)
    store.getState().find({ ranges: { dead: [null, 0] } })
    measureAll(store)
    const first = shown(store)
    expect(first).toEqual([1, 2, 3])
    await answer()
    expect(shown(store)).toBe(first)
    expect(oldOrderTime(store.getState())).not.toBeNull()
    store.getState().sortAgain()
    measureAll(store)
    expect(oldOrderTime(store.getState())).toBeNull()
    await answerAll()
  })
})

describe('the order of the channels', () => {
  it('is that of now when it is asked for, also while a scan runs, and is kept then', async () => {
    const { store, answer, answerAll } = await scanning()
    await answer()
    expect(shown(store)).toEqual([0, 1, 2, 3])
    expect(oldOrderTime(store.getState())).toBeNull()
    store.getState().setView({ sort: 'activation', hideDead: true })
    const asked = shown(store)
    expect(asked).toEqual(byActivation(store))
    // Channel 0 is dead.
    expect(asked).toHaveLength(3)
    await answer()
    await answer()
    expect(shown(store)).toBe(asked)
    expect(oldOrderTime(store.getState())).toBe(shownOrder(store.getState()).time)
    for (const act of ['pause', 'resume'] as const) {
      store.getState()[act]()
      expect(shown(store), act).toBe(asked)
    }
    store.getState().sortAgain()
    expect(shown(store)).toEqual(byActivation(store))
    expect(oldOrderTime(store.getState())).toBeNull()
    await answerAll()
    // At the end, the order is right.
    expect(shown(store)).toEqual(byActivation(store))
    expect(oldOrderTime(store.getState())).toBeNull()
  })

  it('is by number where there are no results, and each layer keeps its own', async () => {
    const { store, answer, answerAll } = await scanning()
    store.getState().setView({ sort: 'activation', hideDead: true })
    await answer()
    const first = shown(store)
    store.getState().showLayer('second')
    expect(shown(store)).toEqual([0, 1, 2, 3])
    expect(oldOrderTime(store.getState())).toBeNull()
    await answer()
    store.getState().showLayer('first')
    expect(shown(store)).toBe(first)
    await answerAll()
  })
})
