import { afterEach, describe, expect, it, vi } from 'vitest'
import { clauseError } from '../../../src/core/errors.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { PictureWish } from '../../../src/state/appState.ts'
import { type MadePicture, MadePictures, nextSteps } from '../../../src/state/reasons/madePictures.ts'
import { tileWish } from '../../../src/state/selectors/tileWish.ts'
import {
  type Behaviour,
  deferred,
  fakeEngines,
  fakeSteps,
  readyApp,
  settled,
} from '../../fixtures/fakeWorkers.ts'

const never = new AbortController().signal

async function scanned(behaviour: Behaviour = {}) {
  const requests: [seed: number, steps: number, apart: number[]][] = []
  const samples: number[] = []
  const app = await readyApp(
    {
      ...behaviour,
      synthesize(engine, request, steps) {
        requests.push([request.seed, steps, request.apart.map(([seed]) => seed!)])
        return behaviour.synthesize?.(engine, request, steps)
      },
      inputSpectrum(engine, source) {
        samples.push(source.handles.length)
        return behaviour.inputSpectrum?.(engine, source)
      },
    },
    40,
  )
  await app.store.getState().run(['first'])
  const { getState } = app.store
  const wishOf = (channel: number, more: Partial<PictureWish> = {}): PictureWish => ({
    ...tileWish(getState(), 'first', channel)!,
    ...more,
  })
  return { ...app, getState, wishOf, requests, samples }
}

describe('a picture', () => {
  it('is made in short passes, told on the way, and once', async () => {
    const { getState, wishOf, requests, samples } = await scanned()
    expect(getState().knownPicture(wishOf(2))).toBeNull()
    const told: MadePicture[] = []
    const made = await getState().makePicture(wishOf(2), never, (now) => told.push(now))
    expect(made!.outcome).toEqual({
      made: { value: 2 + fakeSteps, largest: 2 + fakeSteps },
      before: { value: 2, largest: 2 },
    })
    expect(told.length).toBeGreaterThan(2)
    expect(told[0]).toMatchObject({ step: 0, of: fakeSteps, outcome: null })
    expect(told.at(-1)).toBe(made)
    expect(getState().picturesMade).toBe(1)
    expect(getState().knownPicture(wishOf(2))).toBe(made)
    const before = requests.length
    expect(await getState().makePicture(wishOf(2), never)).toBe(made)
    expect(requests).toHaveLength(before)
    // The spectrum is that of at most 256 images, and found once for all of the same size.
    await getState().makePicture(wishOf(3), never)
    expect(samples).toEqual([40])
  })

  it('that is given up goes on where it was', async () => {
    const { getState, wishOf, requests } = await scanned()
    const own = new AbortController()
    const given = await getState().makePicture(wishOf(1), own.signal, ({ step }) => {
      if (step > 0) own.abort()
    })
    expect(given).toBeNull()
    const known = getState().knownPicture(wishOf(1))!
    expect(known.step).toBeGreaterThan(0)
    expect(known.step).toBeLessThan(fakeSteps)
    await getState().makePicture(wishOf(1), never)
    expect(requests.filter(([, steps]) => steps === 0)).toHaveLength(1)
  })

  it('that is to differ from others waits for these', async () => {
    const { getState, wishOf, requests } = await scanned()
    const made = await getState().makePicture(wishOf(1, { way: 'nothing', nth: 2 }), never)
    expect(made!.outcome!.before).toBeNull()
    expect(new Set(requests.map(([seed, , apart]) => JSON.stringify([seed, apart])))).toEqual(
      new Set(['[1,[]]', '[2,[1]]', '[3,[1,2]]']),
    )
    for (const nth of [0, 1, 2])
      expect(getState().knownPicture(wishOf(1, { way: 'nothing', nth }))!.picture.data[0]).toBe(nth + 1)
  })

  it('is another one for another way, unit, image or preprocessing', async () => {
    const { getState, wishOf } = await scanned()
    await getState().makePicture(wishOf(1), never)
    expect(getState().knownPicture(wishOf(1, { way: 'nothing' }))).toBeNull()
    expect(getState().knownPicture(wishOf(1, { whole: true }))).toBeNull()
    const { patch } = wishOf(1)
    expect(getState().knownPicture(wishOf(1, { patch: { ...patch, image: patch.image - 1 } }))).toBeNull()
    const wish = wishOf(1)
    getState().setPreprocessing({ ...getState().preprocessing, scale: '-1..1' })
    expect(getState().knownPicture(wish)).toBeNull()
  })

  it('that cannot be made says why, and can be asked for again', async () => {
    let isBroken = true
    const { getState, wishOf } = await scanned({
      inputSpectrum() {
        if (isBroken) throw clauseError('images/unreadable', { reason: 'it is gone' })
      },
    })
    await expect(getState().makePicture(wishOf(1), never)).rejects.toThrow(
      /One of the images cannot be used: .*it is gone/,
    )
    isBroken = false
    expect((await getState().makePicture(wishOf(1), never))!.outcome).not.toBeNull()
  })

  it('is made by another engine if one dies on the way', async () => {
    const { getState, wishOf, engines, requests } = await scanned({
      backend: 'wasm',
      synthesize(_, _request, steps) {
        if (requests.length === 3 && steps > 0) engines.all[0]!.die('it broke')
      },
    })
    await expect(getState().makePicture(wishOf(1), never)).rejects.toThrow()
    expect((await getState().makePicture(wishOf(1), never))!.outcome!.made.value).toBe(1 + fakeSteps)
    expect(requests.filter(([, steps]) => steps === 0)).toHaveLength(1)
  })
})

describe('kept pictures', () => {
  it('are dropped when they take too much, those first that were used least lately', async () => {
    const { remote } = fakeEngines().spawn()
    await remote.openModel([{ path: 'a.h5', file: new File([], 'a.h5') }], { inputSize: null })
    const pictures = new MadePictures(
      (task) => task(remote),
      () => false,
      60,
    )
    const files = { image: async () => new Blob(), sample: async () => [new Blob()] }
    const [model, images, key] = [{}, {}, notebookPreprocessing]
    const target = (channel: number) => ({
      model,
      images,
      preprocessing: key,
      layer: 0,
      channel,
      image: 0,
      unit: null,
      nth: 0,
      way: 'nothing' as const,
    })
    for (const channel of [1, 2]) await pictures.make(target(channel), files, never)
    expect(pictures.known(target(2))).not.toBeNull()
    for (const channel of [1, 3, 4, 5, 6]) await pictures.make(target(channel), files, never)
    expect(pictures.known(target(2))).toBeNull()
    expect(pictures.known(target(6))).not.toBeNull()
  })
  it('come in calls of about the same time', () => {
    expect(nextSteps(10, 50, 100)).toBe(20)
    expect(nextSteps(10, 1, 100)).toBe(40)
    expect(nextSteps(10, 5000, 100)).toBe(1)
  })
})

describe('tiles', () => {
  afterEach(() => vi.useRealTimers())
  const ticks = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      vi.advanceTimersByTime(250)
      await settled()
      await settled()
    }
  }

  it('get pictures when all has been quiet, and those that are gone do not', async () => {
    const { getState, wishOf } = await scanned()
    await getState().makePicture(wishOf(3), never)
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const drops = [1, 2].map((channel) => getState().wantPicture('first', channel))
    await ticks(4)
    expect(getState().knownPicture(wishOf(1))).toBeNull()
    drops[1]!()
    await ticks(12)
    expect(getState().knownPicture(wishOf(1))?.outcome).toBeTruthy()
    expect(getState().knownPicture(wishOf(2))).toBeNull()
    drops[0]!()
  })

  it('wait while somebody waits for a picture, and for a scan', async () => {
    const hold = deferred()
    const { getState, wishOf } = await scanned({
      synthesize: (_, { channel }) => (channel === 3 ? hold.promise : undefined),
    })
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const asked = getState().makePicture(wishOf(3), never)
    await settled()
    const drop = getState().wantPicture('first', 1)
    await ticks(20)
    expect(getState().knownPicture(wishOf(1))).toBeNull()
    hold.resolve()
    await asked
    await ticks(20)
    expect(getState().knownPicture(wishOf(1))?.outcome).toBeTruthy()
    drop()
  })

  it('of which no picture can be made are tried once, and the others get theirs', async () => {
    let tries = 0
    const { getState, wishOf } = await scanned({
      synthesize(_, { channel }) {
        if (channel !== 1) return
        tries++
        throw new Error('no way back')
      },
    })
    await getState().makePicture(wishOf(3), never)
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const drops = [1, 2].map((channel) => getState().wantPicture('first', channel))
    await ticks(40)
    expect(tries).toBe(1)
    expect(getState().knownPicture(wishOf(2))?.outcome).toBeTruthy()
    for (const drop of drops) drop()
  })
})
