import { describe, expect, it } from 'vitest'
import { changeOf } from '../../../src/core/compare/change.ts'
import { nothingChosen } from '../../../src/core/compare/comparing.ts'
import type { Network } from '../../../src/core/model/network.ts'
import { digestLines } from '../../../src/engine/files/digest.ts'
import { layerRows } from '../../../src/state/compare/comparison.ts'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import { snapshotExporter } from '../../../src/state/exports/exportSnapshot.ts'
import { appError } from '../../../src/core/errors.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import {
  channels,
  expectedTop,
  folderOf,
  imagePaths,
  modelFile,
  settled,
  smallNetwork,
  sourceOf,
  testApp,
  type TestApp,
} from '../../fixtures/fakeWorkers.ts'

const count = 40

interface Opening {
  readonly images?: number
  /** May throw, as opening a model does. */
  readonly openModel?: (file: File) => Network
}

/** An app in which models of other names have another content. */
async function appWithImages({
  images = count,
  openModel = () => smallNetwork(),
}: Opening = {}): Promise<TestApp> {
  const app = testApp({ openModel: (_, file) => openModel(file) })
  Object.assign(app.gallery.remote, {
    digestFile: (file: File) => Promise.resolve(`digest of ${file.name}`),
    digestLines,
  })
  await app.store.getState().openImages(sourceOf('photos', folderOf(imagePaths(images))))
  return app
}

async function scanned(model: string, layers = ['first'], images = count): Promise<TestApp> {
  const app = await appWithImages({ images })
  await app.store.getState().openModel([modelFile(model)])
  await app.store.getState().run(layers)
  return app
}

async function snapshotOf({ store }: TestApp, name: string): Promise<File> {
  const [saved] = await snapshotExporter.make(store.getState(), store.services, exportOptions)
  return new File([saved!.blob], name)
}

async function resultsOf({ store }: TestApp, name: string): Promise<File> {
  return new File([(await exportResults(store.getState(), store.services))!.blob], name)
}

function texts({ store }: TestApp): string[] {
  return store.getState().notices.map(({ text }) => text)
}

function kept({ store }: TestApp): [string, string[]][] {
  return store.getState().comparison.scans.map(({ name, layers }) => [name, [...layers.keys()]])
}

describe('scans of the same images', () => {
  it('that are dropped together as snapshots are compared, those of one scan as one', async () => {
    const part = async (model: string, shard: readonly [number, number]): Promise<File> => {
      const app = await appWithImages()
      const { openModel, setSelection, run } = app.store.getState()
      await openModel([modelFile(model)])
      setSelection({ classes: null, splits: null, sample: 'all', shard })
      await run(['first', 'second'])
      return snapshotOf(app, `${model}.${shard[0]}.urpatch`)
    }
    const late = [await part('epoch-10.h5', [1, 2]), await part('epoch-10.h5', [2, 2])]
    const early = await snapshotOf(await scanned('epoch-9.h5', ['first', 'second']), 'early.urpatch')
    const app = testApp()
    expect(await app.store.getState().openResults(late[0]!, [early, late[1]!])).toBe(true)
    expect(kept(app)).toEqual([
      ['epoch-9', ['first', 'second']],
      ['epoch-10', ['first', 'second']],
    ])
    const { page, recorded, comparison, comparing } = app.store.getState()
    expect(page).toBe('compare')
    expect(recorded?.name).toBe('2 snapshots.urpatch')
    expect(comparing).toEqual(nothingChosen)
    const { paths, classNames, classOf } = comparison.table
    expect(Array.from(classOf, (one) => classNames[one])).toEqual(paths.map((one) => one.split('/')[0]))
    expect(texts(app)).toEqual([])

    const [before, after] = layerRows(comparison, 0)[1]!
    const layerIndex = smallNetwork().layers.findIndex(({ name }) => name === 'second')
    const all = Array.from({ length: count }, (_, image) => image)
    for (let channel = 0; channel < channels; channel++) {
      const top = expectedTop(layerIndex, all, channel, 16).map(({ image }) => imagePaths(count)[image])
      for (const layer of [before!, after!])
        expect(layer.result.top(channel, 16).map(({ image }) => comparison.table.paths[image])).toEqual(top)
      const pair = { before: channel, after: channel, correlation: Number.NaN }
      expect(changeOf(pair, before!.result, after!.result, 16)).toMatchObject({
        shared: top.length,
        of: top.length,
      })
    }
  })

  it('as results files are compared too; another one of the same scan is left aside', async () => {
    const [one, two] = [await scanned('one.h5'), await scanned('two.h5')]
    const app = testApp()
    const files = [
      await resultsOf(one, '1.json'),
      await resultsOf(two, '2.json'),
      await resultsOf(two, '3.json'),
    ]
    await app.store.getState().openResults(files[0]!, files.slice(1))
    expect(kept(app).map(([name]) => name)).toEqual(['one', 'two'])
    expect(texts(app)).toEqual(['One results file is shown at a time: 1.json is open, 3.json is not.'])
  })

  it('have to be the same: others are refused by name, and nothing changes', async () => {
    const other = await snapshotOf(await scanned('two.h5', ['first'], 30), 'other.urpatch')
    const app = testApp()
    const file = await snapshotOf(await scanned('one.h5'), 'one.urpatch')
    expect(await app.store.getState().openResults(file, [other])).toBe(false)
    expect(texts(app)[0]).toMatch(
      /^other\.urpatch does not go together with one\.urpatch: it is of other images/,
    )
    expect(app.store.getState()).toMatchObject({ recorded: null, page: null })
    expect(kept(app)).toEqual([])

    await app.store.getState().openResults(file)
    await app.store.getState().keepScan()
    await app.store.getState().openResults(other)
    expect(await app.store.getState().keepScan()).toBeNull()
    expect(texts(app).at(-1)).toMatch(/^two\.h5 and one\.h5 are not of the same images/)
    expect(kept(app).map(([name]) => name)).toEqual(['one'])
  })

  it('are kept one after the other; the same one again gets its further layers', async () => {
    const app = await scanned('one.h5')
    const { keepScan, openModel, run, dropScan } = app.store.getState()
    const first = await keepScan()
    await run(['second'])
    expect(await keepScan()).toBe(first)
    expect(kept(app)).toEqual([['one', ['first', 'second']]])
    await openModel([modelFile('two.h5')])
    expect(await keepScan()).toBeNull()
    expect(texts(app).at(-1)).toMatch(/^There is nothing to keep/)
    await run(['second'])
    const second = await keepScan()
    expect(kept(app)).toEqual([
      ['one', ['first', 'second']],
      ['two', ['second']],
    ])
    expect(
      layerRows(app.store.getState().comparison, 0).map((row) => row.map((layer) => layer?.name)),
    ).toEqual([['second', 'second']])
    await dropScan(first!)
    expect(kept(app)).toEqual([['two', ['second']]])
    await dropScan(second!)
    expect(kept(app)).toEqual([])
  })
})

describe('several models that are opened together', () => {
  const files = ['epoch-10.h5', 'epoch-1.h5', 'broken.h5', 'epoch-2.h5'].map(modelFile)
  const openModel = (file: File): Network => {
    if (file.name === 'broken.h5') throw appError('model/empty-file', { file: file.name })
    return smallNetwork()
  }

  it('are scanned in natural order, and what cannot be opened is passed over', async () => {
    const app = await appWithImages({ openModel })
    const { openModels, setScope, runSeries } = app.store.getState()
    expect(await openModels(files)).toBe(true)
    expect(app.store.getState().model?.name).toBe('epoch-1.h5')
    setScope(['first', 'second'])
    await runSeries()
    expect(kept(app)).toEqual([
      ['epoch-1', ['first', 'second']],
      ['epoch-2', ['first', 'second']],
      ['epoch-10', ['first', 'second']],
    ])
    expect(app.store.getState().series?.map(({ status }) => status)).toEqual([
      'failed',
      'scanned',
      'scanned',
      'scanned',
    ])
    // That they are scanned, and what cannot be opened, stands above the mosaics.
    expect(texts(app).filter((text) => text.includes('models'))).toEqual([])
    // The last one is still open, with its results, and nobody was asked about those before.
    expect(app.store.getState().results.size).toBe(2)
    expect(texts(app).filter((text) => text.includes('put aside'))).toEqual([])

    // What is kept is not scanned again.
    const before = app.store.getState().comparison
    await runSeries()
    expect(app.store.getState().comparison).toBe(before)
  })

  it('go on where Stop has stopped them', async () => {
    const app = await appWithImages({ openModel })
    const { openModels, runSeries, stop } = app.store.getState()
    await openModels(files.filter(({ name }) => name !== 'broken.h5'))
    const unsubscribe = app.store.subscribe(({ model, scan }) => {
      if (model?.name === 'epoch-2.h5' && scan.status === 'running' && scan.progress.done > 0) stop()
    })
    await runSeries()
    unsubscribe()
    await settled()
    expect(kept(app).map(([name]) => name)).toEqual(['epoch-1'])
    expect(app.store.getState().model?.name).toBe('epoch-2.h5')
    await runSeries()
    expect(kept(app).map(([name]) => name)).toEqual(['epoch-1', 'epoch-2', 'epoch-10'])
  })

  it('are one model if they are its parts', async () => {
    const app = await appWithImages({ openModel })
    await app.store.getState().openModels([modelFile('model.json'), modelFile('model.weights.h5')])
    expect(app.store.getState().series).toBeNull()
  })
})
