import { describe, expect, it } from 'vitest'
import { clauseError } from '../../../src/core/errors.ts'
import type { AttributionClaim, Occlusion } from '../../../src/engine/reasons/attribution.ts'
import type { AttributionPlace } from '../../../src/state/appState.ts'
import type { Seen } from '../../../src/state/probe/pictureProbe.ts'
import type { FoundAttribution } from '../../../src/state/reasons/patchAttributions.ts'
import { deferred, readyApp, settled } from '../../fixtures/fakeWorkers.ts'

const place: AttributionPlace = { layer: 'first', channel: 1, image: 0, unit: [2, 3], box: [1, 2, 4, 5] }

/** An app that notes which attributions its engines are asked for. */
async function app(answer: (count: number) => Promise<void> | void = () => undefined) {
  const asked: string[] = []
  const claims: AttributionClaim[] = []
  const made = await readyApp({
    async attribution(method, claim) {
      claims.push(claim)
      await answer(asked.push(method))
    },
  })
  const state = made.store.getState
  const attribution = async (
    at: Partial<AttributionPlace> = {},
    signal = new AbortController().signal,
  ): Promise<FoundAttribution[]> => {
    const found: FoundAttribution[] = []
    await state().attribution({ ...place, ...at }, (one) => found.push(one), signal)
    return found
  }
  return { ...made, asked, claims, state, attribution }
}

describe('an attribution', () => {
  it('is rough at first, then good, then tested', async () => {
    const { attribution } = await app()
    const found = await attribution()
    expect(found.map(({ method, test }) => [method, test !== null])).toEqual([
      ['gradient', false],
      ['integrated', false],
      ['integrated', true],
    ])
    expect(found[2]!.map).toMatchObject({ rows: 3, columns: 3, activation: 8, atMean: 2 })
    expect(found[2]!.mean.images).toBeGreaterThan(0)
  })

  it('is computed once for the same unit, image, model and settings', async () => {
    const { attribution, asked, state } = await app()
    const [first, second] = await Promise.all([attribution(), attribution()])
    expect(second).toEqual(first.slice(2))
    expect(await attribution()).toEqual(second)
    expect(asked).toEqual(['gradient', 'integrated'])
    await attribution({ channel: 0 })
    await attribution({ unit: [2, 2] })
    await attribution({ image: 1 })
    state().setPreprocessing({ ...state().preprocessing, scale: '-1..1' })
    await attribution()
    expect(asked).toHaveLength(10)
  })

  it('of a picture that was looked at is of what the network has seen', async () => {
    const { attribution, asked, claims, state } = await app()
    const { preprocessing } = state()
    const seen = (id: number): Seen => {
      const picture = { data: new Uint8ClampedArray(16), width: 2, height: 2 }
      return { id, sight: { picture, preprocessing, layers: [0], together: [0] }, maxima: new Map() }
    }
    const [first, second] = [seen(1), seen(2)]
    expect(await attribution({ image: first })).toHaveLength(3)
    // What has been chosen since is not what it was looked at with.
    state().setPreprocessing({ ...preprocessing, scale: '-1..1' })
    expect(await attribution({ image: first })).toHaveLength(1)
    await attribution({ image: second })
    await attribution({ image: 1 })
    expect(asked).toHaveLength(6)
    expect(claims[0]).toMatchObject({ picture: first.sight.picture, preprocessing })
    expect(claims[2]!.picture).toBe(second.sight.picture)
    expect(claims[4]!.preprocessing).toBe(state().preprocessing)
  })

  it('is given up when nobody waits for it any more', async () => {
    const gate = deferred()
    const { attribution, asked } = await app((count) => (count === 1 ? gate.promise : undefined))
    const left = new AbortController()
    const first = attribution({}, left.signal)
    await settled()
    const waiting = new AbortController()
    const second = attribution({ channel: 0 }, waiting.signal)
    const third = attribution({ image: 1 })
    await settled()
    left.abort()
    waiting.abort()
    gate.resolve()
    expect([await first, await second]).toEqual([[], []])
    expect(await third).toHaveLength(3)
    // One gradient of the first, nothing of the second.
    expect(asked).toEqual(['gradient', 'gradient', 'integrated'])
  })

  it('says why an image cannot be read, and the engine stays', async () => {
    const { attribution, engines } = await app(() => {
      throw clauseError('images/unreadable', { reason: 'gone' })
    })
    const before = engines.all.length
    await expect(attribution()).rejects.toThrow('it cannot be read (gone)')
    await expect(attribution({ image: 1 })).rejects.toThrow('it cannot be read (gone)')
    expect(engines.all).toHaveLength(before)
  })
})

describe('an occlusion', () => {
  it('grows square by square, and is known the next time', async () => {
    const { state } = await app()
    const found: Occlusion[] = []
    const ask = (): Promise<void> =>
      state().occlusion(place, (one) => found.push(one), new AbortController().signal)
    await ask()
    expect(found.map(({ done, of }) => [done, of])).toEqual([
      [16, 40],
      [32, 40],
      [40, 40],
    ])
    await ask()
    expect(found.slice(3)).toEqual([found[2]])
  })

  it('stops where nobody waits any more, and goes on from there', async () => {
    const { state } = await app()
    const left = new AbortController()
    const found: number[] = []
    await state().occlusion(
      place,
      ({ done }) => {
        found.push(done)
        left.abort()
      },
      left.signal,
    )
    expect(found).toEqual([16])
    await state().occlusion(place, ({ done }) => found.push(done), new AbortController().signal)
    expect(found).toEqual([16, 16, 32, 40])
  })
})
