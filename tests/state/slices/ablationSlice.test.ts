import { describe, expect, it } from 'vitest'
import { keptLosses } from '../../../src/state/reasons/keptLosses.ts'
import { isLossShown, measured, measuredTable } from '../../../src/state/selectors/measured.ts'
import { provedClasses } from '../../../src/state/selectors/inputView.ts'
import type { ChannelChange } from '../../../src/engine/reasons/ablations.ts'
import { type Behaviour, readyApp } from '../../fixtures/fakeWorkers.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'

const never = new AbortController().signal

/** Two classes, as the images have: the first half are cats. */
const classifier = () =>
  chain(
    [6, 5, 3],
    [
      spec('Conv2D', 'first', { filters: 4, kernel_size: 3 }),
      spec('GlobalAveragePooling2D', 'pooled'),
      spec('Dense', 'classes', { units: 2, activation: 'softmax' }),
    ],
  )

const count = 100
const isCat = (image: number): boolean => image < count / 2

/** All images are right but every tenth; without channel 2 dogs become cats, and cats less sure without channel 1. */
function answer(image: number, change: ChannelChange | null): readonly number[] {
  const isRight = image % 10 !== 0
  const cat = isCat(image) === isRight
  if (change?.channel === 2 && change.factor === 0 && !isCat(image)) return [0.75, 0.25]
  const sure = change?.channel === 1 && isCat(image) ? 0.625 : 0.875
  return cat ? [sure, 1 - sure] : [1 - sure, sure]
}

async function app(behaviour: Behaviour = {}) {
  const ready = await readyApp({ backend: 'wasm', openModel: classifier, answer, ...behaviour }, count)
  const { getState } = ready.store
  await getState().run(['first'])
  return { ...ready, getState, losses: () => keptLosses(getState().results.get('first')!) }
}

describe('without a channel', () => {
  it('an image has other outputs; the mean is that of the sample', async () => {
    const { getState } = await app()
    const place = { layer: 'first', channel: 2 }
    expect(getState().channelMean(place)).toBe(null)
    await expect(getState().ablateImage({ ...place, image: 77 }, ['mean'])).rejects.toThrow('mean')
    await getState().findMeans('first', 1000, never)
    // The fake says that the mean of channel c is c plus the image's number.
    expect(getState().channelMean(place)).toEqual({ mean: 2 + (count - 1) / 2, images: count })
    const found = await getState().ablateImage({ ...place, image: 77 }, ['mean', 0, 2])
    expect(found!.after.map((row) => [...row])).toEqual([
      [0.75, 0.25],
      [0.75, 0.25],
      [0.125, 0.875],
    ])
    expect([...found!.before]).toEqual([0.125, 0.875])
    expect(await getState().ablateImage({ ...place, image: 77 }, [0], AbortSignal.abort())).toBe(null)
  })

  it('images of a sample are judged by their classes', async () => {
    const { getState, engines } = await app()
    const done: [number, number][] = []
    const found = (await getState().ablateImages({ layer: 'first', channel: 2 }, 0, 40, never, (...now) =>
      done.push(now),
    ))!
    expect(done.at(-1)).toEqual([40, 40])
    const sample = [...found.sample]
    expect(new Set(sample).size).toBe(40)
    // Both engines have taken part.
    expect(engines.all.slice(0, 2).map(({ ablated }) => ablated.length)).toEqual([2, 1])
    const right = sample.filter((image) => image % 10 !== 0)
    const dogs = right.filter((image) => !isCat(image))
    expect([found.yardstick, found.judged, found.before, found.after, found.mean]).toEqual([
      'right',
      40,
      right.length,
      right.length - dogs.length,
      null,
    ])
    expect(found.classes[0]).toMatchObject({ classNumber: 1, after: 0 })
    expect(found.changed.map(({ at }) => sample[at])).toEqual(dogs)
    expect(found.matching!.names).toEqual(['cat', 'dog'])
    // A larger sample has all images of the smaller one; the mean is that of the sample.
    const more = (await getState().ablateImages({ layer: 'first', channel: 3 }, 'mean', 60, never))!
    expect([...more.sample].slice(0, 40)).toEqual(sample)
    const all = [...more.sample]
    expect(more.mean).toBeCloseTo(3 + all.reduce((a, b) => a + b) / all.length, 9)
  })

  it('what outputs stand for is known once the means of a sample are, unless most answers are wrong', async () => {
    const { getState } = await app()
    await getState().findMeans('first', 64, never)
    expect(provedClasses(getState())).toMatchObject({ names: ['cat', 'dog'], supposed: false })
    getState().setPreprocessing({ ...getState().preprocessing, scale: '0..255' })
    expect(provedClasses(getState())).not.toBe(null)

    const wrong = await app({ answer: (image) => (image % 2 === 0 ? [1, 0] : [0, 1]) })
    await wrong.getState().findMeans('first', 64, never)
    expect(provedClasses(wrong.getState())).toBe(null)
  })

  it('channels are ranked by what is lost, in parts, and go on where they stopped', async () => {
    const { store, engines, getState, losses } = await app()
    const control = new AbortController()
    const end = store.subscribe(() => {
      if (losses()) control.abort()
    })
    await getState().rankLosses('first', 'zero', 80, control.signal)
    end()
    const first = losses()!
    expect(first.of).toBe(80)
    expect(first.images).toBeGreaterThan(0)
    expect(first.images).toBeLessThan(80)
    const before = engines.all.flatMap(({ ablated }) => ablated).length
    await getState().rankLosses('first', 'zero', 80, never)
    const { loss, images, replacement, changed } = losses()!
    expect([images, replacement]).toEqual([80, 'zero'])
    expect(loss[0]).toBe(0)
    expect(loss[2]).toBeGreaterThan(loss[1]!)
    expect(loss[1]).toBeGreaterThan(0)
    expect(changed![0]).toBe(0)
    // It is a measure of the table.
    while (measured.doSome(getState(), 'first', 9) > 0);
    expect([...measuredTable(getState(), ['first']).values('loss')]).toEqual(loss)
    expect([isLossShown(getState(), ['first']), isLossShown(getState(), ['pooled'])]).toEqual([true, false])
    // What was done is not done again: 5 batches of 4 channels at most in calls of one channel each, and the baselines.
    expect(engines.all.flatMap(({ ablated }) => ablated).length - before).toBeLessThanOrEqual(4 * 4)
    expect(getState().notices.filter(({ kind }) => kind === 'error')).toEqual([])
  })

  it('outputs that are no answer are compared by how far they move', async () => {
    const { getState } = await app({
      openModel: () =>
        chain([6, 5, 3], [spec('Conv2D', 'first', { filters: 4, kernel_size: 3 }), spec('ReLU', 'last')]),
    })
    const found = (await getState().ablateImages({ layer: 'first', channel: 2 }, 0, 30, never))!
    expect([found.yardstick, found.matching, found.scale, found.judged]).toEqual([
      'outputs',
      null,
      'numbers',
      0,
    ])
    expect(found.harm).toBeGreaterThan(0)
    expect(found.changed).toEqual([])
  })

  it('waits while a scan runs, and not while it is paused', async () => {
    let goOn = (): void => undefined
    let isHeld = false
    const { getState, engines } = await app({
      scanBatch: () => (isHeld ? new Promise<void>((resolve) => (goOn = resolve)) : undefined),
    })
    isHeld = true
    const scan = getState().run(['pooled'])
    await new Promise((resolve) => setTimeout(resolve, 20))
    let isDone = false
    const ablation = getState()
      .ablateImages({ layer: 'first', channel: 1 }, 0, 20, never)
      .then((found) => {
        isDone = true
        return found
      })
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect([isDone, engines.all.flatMap(({ ablated }) => ablated).length]).toEqual([false, 0])
    getState().pause()
    expect((await ablation)!.images).toBe(20)
    isHeld = false
    goOn()
    getState().stop()
    await scan
  })

  it('an engine that fails is replaced once, and images that cannot be read are left out', async () => {
    let failures = 0
    const { getState, engines } = await app({
      skip: (image) => (image % 7 === 3 ? 'no picture' : undefined),
      answer: (image, change, engine) => {
        if (engine === 0 && failures++ === 0) throw new Error('It has failed.')
        return answer(image, change)
      },
    })
    const found = (await getState().ablateImages({ layer: 'first', channel: 2 }, 0, count, never))!
    expect([...found.sample].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: count }, (_, i) => i).filter((image) => image % 7 !== 3),
    )
    expect(engines.all.length).toBeGreaterThan(2)
    expect(getState().notices.filter(({ kind }) => kind === 'error')).toEqual([])
  })

  it('says so if nothing depends on the layer, or if no image can be read', async () => {
    const { getState } = await app()
    expect(await getState().ablateImages({ layer: 'classes', channel: 0 }, 0, 9, never)).toBe(null)
    expect(getState().notices.at(-1)!.text).toContain('Nothing in the network depends on classes')
    const blind = await app({ skip: () => 'no picture' })
    expect(await blind.getState().ablateImages({ layer: 'first', channel: 0 }, 0, 9, never)).toBe(null)
    expect(blind.getState().notices.at(-1)!.text).toContain('None of the 9 images can be read')
  })
})
