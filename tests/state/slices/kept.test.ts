import { IDBObjectStore } from 'fake-indexeddb'
import { describe, expect, it, vi } from 'vitest'
import { sentence } from '../../../src/core/errors.ts'
import { everything } from '../../../src/core/images/selection.ts'
import type { ResultsFile } from '../../../src/core/results/resultsFile.ts'
import { savedOf } from '../../../src/state/selectors/saved.ts'
import { type Recent, recentOf } from '../../../src/state/checkpoints/recent.ts'
import { type Tab, until, useBrowser, type Visit } from '../../fixtures/visits.ts'

const browser = useBrowser()

async function scan(tab: Tab, layers: readonly string[]): Promise<void> {
  const done = tab.store.getState().run(layers)
  await tab.answer()
  await tab.answerAll()
  await done
}

/** Waits until everything that the page shows as saved is saved. */
async function kept(tab: Tab): Promise<void> {
  await until(() => expect(savedOf(tab.store.getState())).toBe('saved'))
}

/** Makes a scan that ends in a tab that is then closed. Returns the content of its results file. */
async function finished(more: Visit = {}, layers: readonly string[] = ['first', 'second']): Promise<string> {
  const tab = await browser.visit({ images: 60, ...more })
  await scan(tab, layers)
  await kept(tab)
  const saved = await tab.saved()
  browser.close(tab)
  return saved
}

function batches({ engines }: Tab): number[] {
  return engines.all.flatMap((engine) => engine.batches.flat())
}

function undo({ store }: Tab): void {
  const notice = store.getState().notices.findLast(({ action }) => action?.label === 'Undo')!
  store.getState().dismiss(notice.id)
  notice.action!.run()
}

function recent({ store }: Tab): readonly Recent[] {
  return recentOf(store.getState())
}

describe('a scan that has ended', () => {
  it('is there again as soon as model and images are, and is not scanned a second time', async () => {
    const behaviour = { skip: (image: number) => (image === 7 ? 'image 7 is cut off' : undefined) }
    const expected = await finished({ behaviour })
    const tab = await browser.visit({ images: 60 })
    const { getState } = tab.store
    await getState().findScan()
    expect(getState().scan).toMatchObject({ status: 'done', progress: { done: 60, total: 60 } })
    expect(await tab.saved()).toBe(expected)
    expect(batches(tab)).toEqual([])
    expect(savedOf(getState())).toBe('saved')
    expect(tab.texts()).toEqual([])
  })

  it('has what the network loses without channels, also after it has gone on', async () => {
    const never = new AbortController().signal
    const ranked = async (tab: Tab): Promise<unknown[]> =>
      (JSON.parse(await tab.saved()) as ResultsFile).layers.map(({ ablation }) => ablation?.images)
    const first = await browser.visit({ images: 190 })
    const stopped = first.store.getState().run(['first', 'second'])
    await first.answer(2)
    first.store.getState().stop()
    await stopped
    await kept(first)
    await first.store.getState().rankLosses('first', 'mean', 20, never)
    const expected = await first.saved()
    browser.close(first)
    const second = await browser.visit({ images: 190 })
    await second.store.getState().findScan()
    expect(await ranked(second)).toEqual([20, undefined])
    expect(await second.saved()).toBe(expected)
    const rest = second.store.getState().runRest('first')
    await second.answer()
    await second.answerAll()
    await rest
    await second.noted(190)
    browser.close(second)
    const third = await browser.visit({ images: 190 })
    await third.store.getState().findScan()
    expect(third.store.getState().scan).toMatchObject({ status: 'done' })
    expect(await ranked(third)).toEqual([20, undefined])
  })

  it('has all its layers, whatever order they were scanned in; the latest counts', async () => {
    const first = await browser.visit({ images: 60 })
    await scan(first, ['second'])
    await kept(first)
    await scan(first, ['first'])
    await kept(first)
    const expected = await first.saved()
    browser.close(first)
    const tab = await browser.visit({ images: 60 })
    await tab.store.getState().findScan()
    expect([...tab.store.getState().results.keys()]).toEqual(['second', 'first'])
    expect(await tab.saved()).toBe(expected)
    expect(recent(tab)).toMatchObject([{ layers: ['first', 'second'] }])
    expect(await tab.heads()).toHaveLength(2)
  })

  it('because it was stopped is there with what it had found, and goes on', async () => {
    const expected = await finished({ images: 190 }, ['first'])
    browser.forgetAll()
    const first = await browser.visit({ images: 190 })
    const stopped = first.store.getState().run(['first'])
    await first.answer(2)
    first.store.getState().stop()
    await stopped
    await first.noted(48)
    browser.close(first)
    const tab = await browser.visit({ images: 190 })
    await tab.store.getState().findScan()
    expect(tab.store.getState()).toMatchObject({
      scan: { status: 'stopped', progress: { done: 48, total: 190 } },
      resumable: null,
    })
    const rest = tab.store.getState().runRest('first')
    await tab.answer()
    await tab.answerAll()
    await rest
    expect(batches(tab)).toHaveLength(142)
    expect(await tab.saved()).toBe(expected)
    // It is the same scan.
    await until(async () => expect(await tab.heads()).toMatchObject([{ status: 'done', done: 190 }]))
  })

  it('brings its settings with it, and its layer', async () => {
    const first = await browser.visit({ images: 60 })
    const { getState } = first.store
    getState().setK(9)
    getState().setPreprocessing({ ...getState().preprocessing, scale: '-1..1' })
    getState().setSelection({ ...everything, classes: ['dog'], sample: { first: 20 } })
    await scan(first, ['second'])
    await kept(first)
    browser.close(first)
    const tab = await browser.visit({ images: 60 })
    await tab.store.getState().findScan()
    expect(tab.store.getState()).toMatchObject({
      k: 9,
      preprocessing: { scale: '-1..1' },
      selection: { classes: ['dog'], sample: { first: 20 } },
      layer: 'second',
    })
  })

  it('with other settings is another one: the newest comes back, or the one that is wanted', async () => {
    const first = await browser.visit({ images: 60 })
    const { getState } = first.store
    await scan(first, ['first'])
    await kept(first)
    getState().setPreprocessing({ ...getState().preprocessing, scale: '-1..1' })
    await scan(first, ['second'])
    await kept(first)
    browser.close(first)

    const second = await browser.visit({ images: 60 })
    await second.store.getState().findScan()
    expect([...second.store.getState().results.keys()]).toEqual(['second'])
    expect(recent(second).map(({ layers }) => layers)).toEqual([['second'], ['first']])
    const { key } = recent(second)[1]!
    browser.close(second)

    const third = await browser.visit({ images: 60 })
    third.store.getState().want(key)
    await third.store.getState().findScan()
    expect([...third.store.getState().results.keys()]).toEqual(['first'])
    expect(third.store.getState()).toMatchObject({ preprocessing: { scale: '0..1' }, wanted: null })
    // If the user chooses other settings, the results that were made with these are shown.
    third.store.getState().setPreprocessing({ ...getState().preprocessing, scale: '-1..1' })
    await until(() => expect([...third.store.getState().results.keys()]).toEqual(['second']))
  })

  it('does not come back for another backend of the same visit, and does for the one it was made on', async () => {
    const tab = await browser.visit({ images: 60 })
    const { getState } = tab.store
    await getState().findScan()
    await scan(tab, ['first'])
    await kept(tab)
    await getState().setBackend('wasm')
    await getState().findScan()
    expect(getState().results.size).toBe(0)
    await getState().setBackend('webgl')
    await getState().findScan()
    expect([...getState().results.keys()]).toEqual(['first'])
  })

  it('does not disturb a scan that was begun before it was found', async () => {
    await finished()
    const tab = await browser.visit({ images: 60 })
    const found = tab.store.getState().findScan()
    const done = tab.store.getState().run(['second'])
    await found
    await tab.answer()
    await tab.answerAll()
    await done
    expect([...tab.store.getState().results.keys()]).toEqual(['second'])
    expect(batches(tab)).toHaveLength(60)
  })

  it('that cannot be read is told, stays, and does not hold the others up', async () => {
    const first = await browser.visit({ images: 60 })
    await scan(first, ['first'])
    await kept(first)
    await scan(first, ['second'])
    await kept(first)
    browser.close(first)
    const tab = await browser.visit({ images: 60 })
    const { database } = await import('../../../src/state/checkpoints/checkpointStore.ts')
    const [, damaged] = await tab.heads()
    await (await database.open()).delete('parts', [damaged!.id, 1])
    await tab.store.getState().findScan()
    expect([...tab.store.getState().results.keys()]).toEqual(['second'])
    expect(tab.texts()).toEqual([sentence('kept/unreadable', { layers: 'first', reason: 'it has gone' })])
    expect(await tab.heads()).toHaveLength(2)
  })
})

describe('room', () => {
  it('is made by the oldest, which is said', async () => {
    for (const model of ['a', 'b', 'c']) await finished({ model })
    const tab = await browser.visit({ images: 60, model: 'd' })
    const [newest, ...others] = await tab.heads()
    const { bytes } = newest!
    expect(bytes).toBeGreaterThan(3000)
    // The limit is half of what is free and of what the four take together: room for two and a half.
    browser.storage.estimate = () => Promise.resolve({ quota: 1e9 + bytes, usage: 1e9 })
    await scan(tab, ['first', 'second'])
    await kept(tab)
    await until(() => expect(tab.texts()).toHaveLength(1))
    const names = others.map(() => 'animals.h5 with photos (2 layers)').join('; ')
    expect(tab.texts()).toEqual([sentence('kept/evicted', { names })])
    const left = (await tab.heads()).map(({ id }) => id)
    expect(left).toHaveLength(2)
    expect(left[1]).toBe(newest!.id)
  })

  it('is never taken from a tab that lives', async () => {
    const living = await browser.visit({ images: 60, model: 'a' })
    await scan(living, ['first'])
    await kept(living)
    await finished({ model: 'b' })
    browser.storage.estimate = () => Promise.resolve({ quota: 0, usage: 0 })
    const tab = await browser.visit({ images: 60, model: 'c' })
    await scan(tab, ['first'])
    await kept(tab)
    const ids = (await tab.heads()).map(({ id }) => id)
    expect(ids).toHaveLength(2)
    expect(ids).toContain((await living.heads()).at(-1)!.id)
    expect(savedOf(living.store.getState())).toBe('saved')
  })

  it('that the browser refuses is made, too', async () => {
    await finished({ model: 'a' })
    await finished({ model: 'b' })
    const tab = await browser.visit({ images: 60, model: 'c' })
    const original = IDBObjectStore.prototype.put
    let refusals = 1
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function put(
      this: IDBObjectStore,
      ...parts
    ) {
      if (refusals-- > 0) throw new DOMException('', 'QuotaExceededError')
      return original.apply(this, parts)
    })
    await scan(tab, ['first'])
    await kept(tab)
    expect(await tab.heads()).toHaveLength(2)
    expect(tab.texts()).toEqual([sentence('kept/evicted', { names: 'animals.h5 with photos (2 layers)' })])
  })

  it('that cannot be made is said once, and at the foot of the page', async () => {
    const tab = await browser.visit({ images: 60 })
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError')
    })
    await scan(tab, ['first'])
    await until(() =>
      expect(savedOf(tab.store.getState())).toEqual({ problem: 'there is no room left for this page' }),
    )
    await scan(tab, ['second'])
    await until(() =>
      expect(savedOf(tab.store.getState())).toEqual({ problem: 'there is no room left for this page' }),
    )
    expect(tab.texts()).toEqual([
      sentence('scan/checkpoint-failed', { reason: 'there is no room left for this page' }),
    ])
  })

  it('is asked for to stay after a scan that took long, once', async () => {
    let persists = false
    const persist = vi.fn(() => Promise.resolve((persists = true)))
    Object.assign(browser.storage, { persist, persisted: () => Promise.resolve(persists) })
    await finished({ model: 'a' })
    expect(persist).not.toHaveBeenCalled()
    for (const model of ['b', 'c']) {
      const tab = await browser.visit({ images: 60, model })
      const done = tab.store.getState().run(['first'])
      await tab.answer()
      browser.clock += 100_000
      await tab.answerAll()
      await done
      await kept(tab)
    }
    expect(persist).toHaveBeenCalledOnce()
  })
})

describe('Undo', () => {
  it.each<[string, (tab: Tab) => Promise<unknown>]>([
    ['another model', (tab) => tab.store.getState().openModel([new File(['others'], 'others.h5')])],
    [
      'other images',
      async (tab) => {
        const { folderOf, sourceOf } = await import('../../fixtures/fakeWorkers.ts')
        await tab.store.getState().openImages(sourceOf('others', folderOf(['a/1.png', 'b/2.png'])))
      },
    ],
    ['another backend', (tab) => tab.store.getState().setBackend('wasm')],
    [
      'other settings',
      async (tab) => {
        const { getState } = tab.store
        getState().setPreprocessing({ ...getState().preprocessing, scale: '-1..1' })
      },
    ],
    ['other classes', async (tab) => tab.store.getState().setSelection({ ...everything, classes: ['dog'] })],
  ])('after %s brings back all as it was', async (_, change) => {
    const tab = await browser.visit({ images: 60 })
    const { getState } = tab.store
    await scan(tab, ['first', 'second'])
    getState().showLayer('second')
    getState().showChannel(2, 3)
    const expected = await tab.saved()
    const { backend, model, images, preprocessing, selection, peakBytes } = getState()
    expect(peakBytes).toBeGreaterThan(0)
    await change(tab)
    expect(getState().results.size).toBe(0)
    expect(getState().scan.status).toBe('idle')
    expect(tab.texts()).toEqual([sentence('scan/put-aside', { count: 2 })])
    undo(tab)
    await until(() => expect(getState().results.size).toBe(2))
    expect(await tab.saved()).toBe(expected)
    expect(getState()).toMatchObject({ layer: 'second', channel: 2, patch: 3, scan: { status: 'done' } })
    expect(getState().peakBytes).toBe(peakBytes)
    expect(getState()).toMatchObject({ backend, preprocessing, selection, notices: [] })
    expect(getState().model!.source).toBe(model!.source)
    expect(getState().images).toBe(images)
    // The engines have the model again, and the gallery has the images.
    expect(tab.engines.all.at(-1)!.file).toBe(model!.file)
    const again = getState().runAnew(['first'])
    await tab.answer()
    await tab.answerAll()
    await again
    expect(getState().scan).toMatchObject({ status: 'done', progress: { done: 60 } })
  })

  it('of a scan that was under way: it can go on', async () => {
    const expected = await finished({ images: 190 }, ['first'])
    browser.forgetAll()
    const tab = await browser.visit({ images: 190 })
    const { getState } = tab.store
    void getState().run(['first'])
    await tab.answer(2)
    getState().setSelection({ ...everything, classes: ['dog'] })
    await tab.noted(48)
    undo(tab)
    await until(() => expect(getState().scan).toMatchObject({ status: 'stopped', progress: { done: 48 } }))
    const rest = getState().runRest('first')
    await tab.answer()
    await tab.answerAll()
    await rest
    expect(await tab.saved()).toBe(expected)
    await until(async () => expect(await tab.heads()).toMatchObject([{ status: 'done', done: 190 }]))
  })

  it('puts aside what has come meanwhile, so that it can be undone, too', async () => {
    const tab = await browser.visit({ images: 60 })
    const { getState } = tab.store
    await scan(tab, ['first', 'second'])
    getState().setSelection({ ...everything, classes: ['dog'] })
    await scan(tab, ['second'])
    undo(tab)
    await until(() => expect(getState().results.size).toBe(2))
    expect(tab.texts()).toEqual([sentence('scan/put-aside', { count: 1 })])
    undo(tab)
    await until(() => expect([...getState().results.keys()]).toEqual(['second']))
    expect(getState().selection.classes).toEqual(['dog'])
  })

  it('is offered again where the model cannot be opened any more', async () => {
    let isGone = false
    const behaviour = {
      start: () => {
        if (isGone) throw new Error('no memory')
      },
    }
    const tab = await browser.visit({ images: 60, behaviour })
    const { getState } = tab.store
    await scan(tab, ['first'])
    await getState().openModel([new File(['others'], 'others.h5')])
    isGone = true
    undo(tab)
    await until(() => expect(tab.texts()).toEqual(['no memory', sentence('scan/put-aside', { count: 1 })]))
    isGone = false
    undo(tab)
    await until(() => expect(getState().results.size).toBe(1))
  })

  it('is not offered where there is nothing to lose', async () => {
    const tab = await browser.visit({ images: 60 })
    await tab.store.getState().openModel([new File(['others'], 'others.h5')])
    expect(tab.texts()).toEqual([])
  })
})

describe('Recent', () => {
  it('is forgotten one by one, and comes back by Undo', async () => {
    const expected = await finished({ model: 'a' })
    await finished({ model: 'b' })
    const tab = await browser.visit({ images: 60, model: 'a' })
    await tab.store.getState().recallScans()
    expect(recent(tab)).toHaveLength(2)
    await tab.store.getState().forget(recent(tab)[1]!)
    expect(recent(tab)).toHaveLength(1)
    expect(await tab.heads()).toHaveLength(1)
    undo(tab)
    await until(() => expect(recent(tab)).toHaveLength(2))
    await tab.store.getState().findScan()
    expect(await tab.saved()).toBe(expected)
  })

  it('is forgotten as a whole', async () => {
    await finished({ model: 'a' })
    await finished({ model: 'b' })
    const tab = await browser.visit({ images: 60 })
    await tab.store.getState().recallScans()
    await tab.store.getState().forgetAll()
    expect(recent(tab)).toEqual([])
    expect(await tab.heads()).toEqual([])
  })

  it('leaves out what is under way in a living tab', async () => {
    const living = await browser.visit({ images: 190 })
    void living.store.getState().run(['first'])
    await living.answer()
    living.store.getState().pause()
    await living.answerAll()
    await living.noted(112)
    const tab = await browser.visit({ images: 190 })
    await tab.store.getState().recallScans()
    expect(recent(tab)).toEqual([])
    browser.close(living)
    await tab.store.getState().recallScans()
    expect(recent(tab)).toHaveLength(1)
  })

  it('of two tabs: both show it, and what the second goes on with is its own', async () => {
    const first = await browser.visit({ images: 60 })
    await scan(first, ['first'])
    await kept(first)
    const second = await browser.visit({ images: 60 })
    await second.store.getState().findScan()
    expect(await second.saved()).toBe(await first.saved())
    expect(await second.heads()).toHaveLength(1)
  })
})

it('a database of a newer version is told, stays as it is, and the scan goes on', async () => {
  const opened = indexedDB.open('urpatch-scans', 99)
  await new Promise((resolve) => opened.addEventListener('success', resolve))
  opened.result.close()
  const tab = await browser.visit({ images: 60 })
  await tab.store.getState().recallScans()
  expect(tab.texts()).toEqual([sentence('kept/newer')])
  tab.store.getState().dismiss(tab.store.getState().notices[0]!.id)
  await tab.store.getState().recallScans()
  await scan(tab, ['first'])
  expect(tab.texts()).toEqual([])
  expect(tab.store.getState().scan.status).toBe('done')
  await until(() => expect(savedOf(tab.store.getState())).toEqual({ problem: sentence('kept/newer') }))
  expect((await indexedDB.databases())[0]).toMatchObject({ version: 99 })
})

it('what a project with classes has found comes back as it is wanted, whatever it was opened with', async () => {
  const first = await browser.visit({ images: 60 })
  const { getState } = first.store
  getState().setSelection({ ...everything, classes: ['cat'] })
  await scan(first, ['first'])
  await kept(first)
  getState().setPreprocessing({ ...getState().preprocessing, scale: '-1..1' })
  await scan(first, ['second'])
  await kept(first)
  await getState().recallScans()
  const older = recent(first).find(({ layers }) => layers.includes('first'))!
  browser.close(first)
  const tab = await browser.visit({ images: 60 })
  tab.store.getState().want(older.key)
  // `openProject` does this before it looks for results.
  tab.store.getState().setSelection({ ...everything, classes: ['cat'], sample: { first: 5 } })
  await tab.store.getState().findScan()
  expect([...tab.store.getState().results.keys()]).toEqual(['first'])
  expect(tab.store.getState()).toMatchObject({ preprocessing: { scale: '0..1' }, wanted: null })
})
