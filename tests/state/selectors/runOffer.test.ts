import { describe, expect, it } from 'vitest'
import { everything } from '../../../src/core/images/selection.ts'
import { isWhole } from '../../../src/state/scan/coverage.ts'
import { queueOffer, runOffer, runTexts } from '../../../src/state/selectors/runOffer.ts'
import { deferred, readyApp, settled } from '../../fixtures/fakeWorkers.ts'

describe('what Run says it does', () => {
  it('is scanning the layers of the scope, by name or by number', async () => {
    const { store } = await readyApp({}, 40)
    const { getState } = store
    getState().showLayer('first')
    expect(runTexts(getState())).toEqual({ short: 'first', long: 'Scan first, 40 images.' })
    getState().setScope(['first', 'second'])
    expect(runTexts(getState())).toEqual({ short: 'all 2 layers', long: 'Scan all 2 layers, 40 images.' })
    await getState().run(['second'])
    expect(runTexts(getState()).short).toBe('first')
    getState().setScope([])
    expect(runTexts(getState())).toEqual({ short: '', long: 'No layer is chosen.' })
  })

  it('is what is left of a sample, then of all images, until nothing is left', async () => {
    const { store } = await readyApp({}, 1200)
    const { getState } = store
    const choose = (first: number): void => getState().setSelection({ ...everything, sample: { first } })
    choose(20)
    await getState().run(['first', 'second'])
    choose(21)
    expect(isWhole(getState(), 'first')).toBe(false)
    expect(runOffer(getState())).toEqual({ kind: 'rest', of: 'chosen', names: ['first', 'second'], left: 1 })
    // This also holds if only one of them is asked for, because they were scanned together.
    expect(runTexts(getState())).toEqual({
      short: 'the rest of all 2 layers (1)',
      long: 'Scan all 2 layers: 1 image left.',
    })
    await getState().run()
    expect(isWhole(getState(), 'first')).toBe(true)
    expect(runOffer(getState())).toMatchObject({ kind: 'rest', of: 'all', left: 1179 })
    expect(runTexts(getState()).short).toBe('the rest of all 2 layers (1,179)')
    await getState().runRest('first')
    // This also holds while the sample is chosen: scanning it again would remove what the rest has found.
    expect(runOffer(getState()).kind).toBe('done')
    const { results } = getState()
    await getState().run()
    expect(getState().results).toBe(results)
    getState().setSelection(everything)
    expect(runOffer(getState()).kind).toBe('done')
    expect(runTexts(getState())).toEqual({
      short: 'first: done',
      long: 'All chosen images have been through first.',
    })
  })

  it('while a scan runs is what could follow it', async () => {
    const gate = deferred()
    const { store } = await readyApp({ scanBatch: () => gate.promise }, 40)
    const { getState } = store
    getState().setScope(['first', 'second'])
    expect(queueOffer(getState())).toEqual([])
    const ended = [getState().run(['first'])]
    await settled()
    await settled()
    expect(queueOffer(getState())).toEqual(['second'])
    ended.push(getState().run(['second']))
    expect(queueOffer(getState())).toEqual([])
    gate.resolve()
    await Promise.all(ended)
  })
})
