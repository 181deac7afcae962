import { afterEach, describe, expect, it, vi } from 'vitest'
import { clauseError } from '../../../src/core/errors.ts'
import { isColourCurrent, keptColour } from '../../../src/state/scan/keptColour.ts'
import { measured, measuredTable, shownAsked } from '../../../src/state/selectors/measured.ts'
import { readyApp } from '../../fixtures/fakeWorkers.ts'

/** The fake engine halves each activation with each change. */
const expected = { grey: 0.5, blurred: 0.25, shuffled: 0.125 }
const never = new AbortController().signal

async function scanned() {
  const app = await readyApp({}, 40)
  await app.store.getState().run(['first'])
  const { getState } = app.store
  const kept = (channel: number) => keptColour(getState().results.get('first')!, channel, getState().k)
  const claims = () => app.engines.all.reduce((sum, engine) => sum + engine.claims.length, 0)
  return { ...app, getState, kept, claims }
}

const places = (...channels: number[]) => channels.map((channel) => ({ layer: 'first', channel }))

describe('the share of patches that look alike', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('is measured of the channels that it is asked for', async () => {
    const { getState } = await scanned()
    // Any picture that is drawn is of one colour.
    const data = new Uint8ClampedArray(8 * 8 * 4).fill(200)
    const context = { drawImage() {}, getImageData: () => ({ data }) }
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        getContext = () => context
      },
    )
    while (measured.doSome(getState(), 'first', 9) > 0);
    expect(shownAsked(getState(), ['first'])).toEqual([])
    const done: number[] = []
    // Channel 0 is dead.
    await getState().measureAsked('alike', places(2, 0), never, (count) => done.push(count))
    expect(done).toEqual([1, 2])
    expect(shownAsked(getState(), ['first', 'second'])).toEqual(['alike'])
    const { k, results } = getState()
    const patches = results.get('first')!.top(2, k).length
    expect(patches).toBeGreaterThan(2)
    expect([...measuredTable(getState(), ['first']).values('lookalike')]).toEqual([
      Number.NaN,
      Number.NaN,
      (patches - 1) / patches,
      Number.NaN,
    ])
    expect(getState().notices.filter(({ kind }) => kind === 'error')).toEqual([])
  })
})

describe('colour or shape', () => {
  it('is measured of channels one after the other, once, and stands in the table', async () => {
    const { store, getState, kept, claims } = await scanned()
    while (measured.doSome(getState(), 'first', 9) > 0);
    expect(shownAsked(getState(), ['first', 'second'])).toEqual([])
    const done: number[] = []
    const news: number[] = []
    const end = store.subscribe((state) => news.push(state.askedMeasured))
    await getState().measureAsked('colour', places(2, 1), never, (count) => done.push(count))
    end()
    expect(done).toEqual([1, 2])
    expect(news).toEqual([1, 2])
    expect(kept(1)).toMatchObject(expected)
    expect(kept(2)).toMatchObject(expected)
    expect(kept(3)).toBeUndefined()
    expect(shownAsked(getState(), ['first', 'second'])).toEqual(['colour'])
    expect(shownAsked(getState(), ['second'])).toEqual([])
    const table = measuredTable(getState(), ['first'])
    for (const [id, value] of Object.entries(expected))
      expect([...table.values(id)]).toEqual([Number.NaN, value, value, Number.NaN])

    // What is known is passed over, also if two ask at a time.
    const before = claims()
    await Promise.all([
      getState().measureAsked('colour', places(1, 3), never),
      getState().measureAsked('colour', places(3, 2), never),
    ])
    expect(claims()).toBe(before + getState().results.get('first')!.top(3, getState().k).length)
    expect(kept(3)).toMatchObject(expected)
    // A dead channel has no patches.
    await getState().measureAsked('colour', places(0), never)
    expect(kept(0)).toBe(null)
  })

  it('is forgotten with the results, and comes back with them', async () => {
    const { getState, kept } = await scanned()
    await getState().measureAsked('colour', places(1), never)
    getState().setPreprocessing({ ...getState().preprocessing, scale: '-1..1' })
    expect(shownAsked(getState(), ['first'])).toEqual([])
    await getState().measureAsked('colour', places(1), never)
    await getState().run(['first'])
    expect(kept(1)).toBeUndefined()
  })

  it('is shown if rows are sorted or filtered by it', async () => {
    const { getState } = await scanned()
    getState().find({ column: 'grey' })
    expect(shownAsked(getState(), ['first'])).toEqual(['colour'])
    getState().find({ column: 'max', ranges: { blurred: [0.5, null] } })
    expect(shownAsked(getState(), ['first'])).toEqual(['colour'])
    getState().find({ ranges: { max: [0.5, null] } })
    expect(shownAsked(getState(), ['first'])).toEqual([])
  })

  it('stops when it is told to; what was measured stays', async () => {
    const { getState, kept } = await scanned()
    const control = new AbortController()
    const done: number[] = []
    await getState().measureAsked('colour', places(1, 2, 3), control.signal, (count) => {
      done.push(count)
      control.abort()
    })
    expect(done).toEqual([1])
    expect([kept(1), kept(2), kept(3)]).toEqual([expect.objectContaining(expected), undefined, undefined])
    expect(getState().notices.filter(({ kind }) => kind === 'error')).toEqual([])
  })

  it('goes on if images cannot be read, and says so once', async () => {
    const { engines, getState, kept } = await scanned()
    const [engine] = engines.all
    const { disturbPatch } = engine!.remote
    Object.assign(engine!.remote, {
      disturbPatch: async (claim: Parameters<typeof disturbPatch>[0]) => {
        if (claim.channel !== 3) throw clauseError('images/unreadable', { reason: 'gone' })
        return disturbPatch(claim)
      },
    })
    await getState().measureAsked('colour', places(1, 2, 3), never)
    expect([kept(1), kept(2), kept(3)]).toEqual([undefined, undefined, expect.objectContaining(expected)])
    const texts = getState().notices.map(({ text }) => text)
    expect(texts.filter((text) => text.includes('gone'))).toHaveLength(1)
  })

  it('ends with an engine that fails', async () => {
    const { engines, getState, kept, claims } = await scanned()
    const before = claims()
    let asked = 0
    for (const engine of engines.all)
      Object.assign(engine.remote, {
        disturbPatch: async () => {
          asked++
          throw new Error('The engine has failed.')
        },
      })
    await getState().measureAsked('colour', places(1, 2, 3), never)
    expect(asked).toBe(1)
    expect(claims()).toBe(before)
    expect(kept(1)).toBeUndefined()
    expect(getState().notices.filter(({ text }) => text === 'The engine has failed.')).toHaveLength(1)
    // The next one finds another engine.
    await getState().measureAsked('colour', places(1), never)
    expect(kept(1)).toMatchObject(expected)
    expect(isColourCurrent(getState().results.get('first')!, 1, getState().k)).toBe(true)
  })
})
