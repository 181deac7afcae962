import { activity } from '../../../src/core/scan/statistics/activity.ts'
import { histogram } from '../../../src/core/scan/statistics/histogram.ts'
import { maxima } from '../../../src/core/scan/statistics/maxima.ts'
import { median } from '../../../src/core/scan/statistics/median.ts'
import type { Statistic } from '../../../src/core/scan/statistics/statistic.ts'
import { describe, expect, it } from 'vitest'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import {
  aloneOf,
  besideOf,
  inputShapeOf,
  nameOf,
  resultOf,
  shapeOf,
  tableOf,
} from '../../../src/state/selectors/shown.ts'
import {
  channels,
  deferred,
  folderOf,
  imagePaths,
  modelFile,
  readyApp,
  settled,
  sourceOf,
  testApp,
  type TestApp,
} from '../../fixtures/fakeWorkers.ts'
import { savedFigure } from '../../fixtures/savedFigure.ts'

/** The results file of a scan of both layers over so many images. */
async function scannedFile(images = 40, change: (text: string) => string = (text) => text): Promise<File> {
  const { store } = await readyApp({}, images)
  await store.getState().run(['first', 'second'])
  const saved = await exportResults(store.getState(), store.services)
  return new File([change(await saved!.blob.text())], 'earlier.urpatch.json')
}

function texts({ store }: TestApp): string[] {
  return store.getState().notices.map(({ text }) => text)
}

/** The paths and activations of a channel's top patches. */
function topOf({ store }: TestApp, layer: string, channel: number): [string, number][] {
  const state = store.getState()
  return resultOf(state, layer)!
    .top(channel, 16)
    .map(({ image, activation }) => [nameOf(tableOf(state)?.paths, state.recorded?.paths, image), activation])
}

/** Statistics that are the same whether a file tells them or a scan. */
const figures: readonly Statistic[] = [maxima, median, activity, histogram]

describe('an opened results file', () => {
  it('shows its numbers without model and images', async () => {
    const scanned = await readyApp({}, 40)
    await scanned.store.getState().run(['first', 'second'])
    const app = testApp()
    expect(await app.store.getState().openResults(await scannedFile())).toBe(true)
    const state = app.store.getState()
    expect(aloneOf(state)?.layers.map(({ name }) => name)).toEqual(['first', 'second'])
    expect(state).toMatchObject({
      layer: 'first',
      channel: null,
      model: null,
      images: null,
      openingResults: null,
    })
    expect(inputShapeOf(state)).toEqual([6, 5, 3])
    expect(shapeOf(state, 'second')).toEqual([4, 3, 4])
    for (let channel = 0; channel < channels; channel++) {
      expect(topOf(app, 'second', channel)).toEqual(topOf(scanned, 'second', channel))
      expect(figures.map((one) => resultOf(state, 'first')!.of(one, channel))).toEqual(
        figures.map((one) => resultOf(scanned.store.getState(), 'first')!.of(one, channel)),
      )
    }
    expect(texts(app)).toEqual([])
  })

  it('that is read late does not take the place of one that was opened later, nor tells of an error', async () => {
    const app = testApp()
    const { readResultsFile } = app.gallery.remote
    const gates = [deferred(), deferred()]
    let reads = 0
    Object.assign(app.gallery.remote, {
      async readResultsFile(file: File) {
        await gates[reads++]?.promise
        return readResultsFile(file)
      },
    })
    const file = await scannedFile()
    const { openResults } = app.store.getState()
    const [slow, broken] = [
      openResults(new File([file], 'slow.json')),
      openResults(new File(['{'], 'broken.json')),
    ]
    expect(await openResults(new File([file], 'latest.json'))).toBe(true)
    for (const gate of gates) gate.resolve()
    expect(await Promise.all([slow, broken])).toEqual([false, false])
    expect(app.store.getState().recorded!.file.name).toBe('latest.json')
    expect(app.store.getState().openingResults).toBeNull()
    expect(texts(app)).toEqual([])
  })

  it('is saved again as it is, to the byte, including unknown keys', async () => {
    const app = testApp()
    const file = await scannedFile(40, (text) => text.replace('"k":', ' "later": [1],\n"k":'))
    await app.store.getState().openResults(file)
    const saved = await exportResults(app.store.getState(), app.store.services)
    expect(saved!.name).toBe('earlier.urpatch.json')
    expect(await saved!.blob.text()).toBe(await file.text())
  })

  it('knows the classes of its images where their directories make the counts that it holds', async () => {
    const app = testApp()
    await app.store.getState().openResults(await scannedFile())
    const { table } = app.store.getState().recorded!
    expect(table.classNames).toEqual(['cat', 'dog'])
    expect(Array.from(table.classOf, (one) => table.classNames[one])).toEqual(
      table.paths.map((file) => file.split('/')[0]),
    )
    const moved = await scannedFile(40, (text) => text.replaceAll('"image":"cat/', '"image":"dog/cat'))
    await app.store.getState().openResults(moved)
    expect(new Set(app.store.getState().recorded!.table.classOf)).toEqual(new Set([-1]))
  })

  it('keeps the layer and channel of a link', async () => {
    const app = testApp()
    app.store.setState({ layer: 'second', channel: 3, patch: 2 })
    await app.store.getState().openResults(await scannedFile())
    expect(app.store.getState()).toMatchObject({ layer: 'second', channel: 3, patch: 2 })
    app.store.setState({ layer: 'third', channel: 3 })
    await app.store.getState().openResults(await scannedFile())
    expect(app.store.getState()).toMatchObject({ layer: 'first', channel: null, patch: 0 })
  })

  it('leaves what is open where it cannot be read', async () => {
    const app = await readyApp({}, 40)
    await app.store.getState().run(['first'])
    const { results } = app.store.getState()
    const broken = await scannedFile(40, (text) => text.slice(0, 3000))
    expect(await app.store.getState().openResults(broken)).toBe(false)
    expect(app.store.getState()).toMatchObject({ results, recorded: null, openingResults: null })
    expect(texts(app)).toEqual([expect.stringContaining('earlier.urpatch.json is cut off')])
  })

  it('gives its place to what was there before when it is closed', async () => {
    const app = await readyApp({}, 30)
    await app.store.getState().openResults(await scannedFile())
    expect(app.store.getState().recorded).not.toBeNull()
    app.store.getState().closeResults()
    expect(app.store.getState().recorded).toBeNull()
    expect(resultOf(app.store.getState(), 'first')).toBeUndefined()
  })
})

describe('the images of an opened results file', () => {
  it('are found by their paths, and what is missing is listed', async () => {
    const app = testApp()
    await app.store.getState().openResults(await scannedFile(40))
    const before = topOf(app, 'first', 2)
    // In this folder another image comes first, and some of the file's images are missing.
    const paths = [
      'aaa/0.png',
      ...imagePaths(40).filter((path) => !before.slice(1, 3).some(([lost]) => lost === path)),
    ]
    await app.store.getState().openImages(sourceOf('part', folderOf(paths)))
    const { recorded, images } = app.store.getState()
    const seen = recorded!.paths.length
    const missing = recorded!.paths.filter((path) => !paths.includes(path))
    expect(recorded!.fittedImages).toMatchObject({ images, missing, of: seen, same: false })
    expect(missing.length).toBeGreaterThan(0)
    expect(topOf(app, 'first', 2)).toEqual(before)
    const numbers = resultOf(app.store.getState(), 'first')!
      .top(2, 16)
      .map(({ image }) => image)
    expect(numbers.some((image) => image < 0)).toBe(true)
    for (const image of numbers.filter((number) => number >= 0))
      expect(images!.table.paths[image]).toBe(before[numbers.indexOf(image)]![0])
    // No file is opened for images that are missing.
    await expect(images!.handleOf(-1)).rejects.toThrow('it is not among the open images')
    expect(aloneOf(app.store.getState())).not.toBeNull()
  })

  it('make pictures without the model', async () => {
    const app = testApp()
    await app.store.getState().openResults(await scannedFile(40))
    await app.store.getState().openImages(sourceOf('photos', folderOf(imagePaths(40))))
    const [saved] = await savedFigure(app.store, 'first', [2])
    expect(saved!.name).toBe('animals-first-channel-2.png')
  })

  it('are the same where paths and sizes are', async () => {
    const app = testApp()
    await app.store.getState().openResults(await scannedFile(40))
    await app.store.getState().openImages(sourceOf('photos', folderOf(imagePaths(40))))
    await expect.poll(() => app.store.getState().recorded?.fittedImages?.same).toBe(true)
    await app.store
      .getState()
      .openResults(await scannedFile(40, (text) => text.replace('"images digest"', '"another digest"')))
    await expect.poll(() => app.store.getState().recorded?.fittedImages?.same).toBe(false)
  })
})

describe('the model of an opened results file', () => {
  /** An app with the results file and the images open. */
  async function withImages(change?: (text: string) => string): Promise<TestApp> {
    const app = testApp()
    await app.store.getState().openResults(await scannedFile(40, change))
    await app.store.getState().openImages(sourceOf('photos', folderOf(imagePaths(40))))
    return app
  }

  it('makes it live: its layers stand beside those that are scanned now', async () => {
    const app = await withImages((file) =>
      file.replace('"fit":"stretch"', '"fit":"pad"').replace('"k":', '"later":[1],"k":'),
    )
    const { store } = app
    await store.getState().openModel([modelFile()])
    await expect.poll(() => besideOf(store.getState())).not.toBeNull()
    expect(aloneOf(store.getState())).toBeNull()
    expect(store.getState().preprocessing.fit).toBe('pad')
    expect(resultOf(store.getState(), 'second')).toBe(store.getState().recorded!.results.get('second'))
    await expect.poll(() => store.getState().recorded?.fittedImages?.same).toBe(true)

    await store.getState().run(['second'])
    expect(resultOf(store.getState(), 'second')).toBe(store.getState().results.get('second'))
    expect(resultOf(store.getState(), 'first')).toBe(store.getState().recorded!.results.get('first'))
    // The saved file holds both, as far as one file can.
    const saved = await exportResults(store.getState(), store.services)
    const text = await saved!.blob.text()
    const { layers, ...head } = JSON.parse(text) as {
      layers: { name: string }[]
      later: unknown
      images: object
    }
    expect(layers.map(({ name }) => name)).toEqual(['first', 'second'])
    expect(head).toMatchObject({ later: [1], images: { scanned: 40, count: 40 } })
    const before = await store.getState().recorded!.file.text()
    expect(layers[0]).toEqual((JSON.parse(before) as { layers: unknown[] }).layers[0])
    store.getState().setK(9)
    expect(await (await exportResults(store.getState(), store.services))!.blob.text()).not.toContain(
      '"first"',
    )
    expect(texts(app)).toContainEqual(
      expect.stringContaining('first of earlier.urpatch.json are not in the saved file'),
    )

    // With other settings, nothing of the file fits any more.
    store.getState().setPreprocessing({ ...store.getState().preprocessing, fit: 'crop' })
    expect(resultOf(store.getState(), 'first')).toBeUndefined()
  })

  it.each(['model first', 'images first', 'both before the file'])('in any order: %s', async (order) => {
    const app = testApp()
    const { getState } = app.store
    const file = await scannedFile(40)
    const openModel = (): Promise<boolean> => getState().openModel([modelFile()])
    const openImages = (): Promise<boolean> =>
      getState().openImages(sourceOf('photos', folderOf(imagePaths(40))))
    if (order === 'both before the file') await openModel().then(openImages)
    await getState().openResults(file)
    if (order === 'model first') await openModel().then(openImages)
    if (order === 'images first') await openImages().then(openModel)
    await expect.poll(() => besideOf(getState())?.name).toBe('earlier.urpatch.json')
  })

  it('that is another one is told, and the file stays until something is scanned', async () => {
    const app = await withImages((text) => text.replace('"model digest"', '"another digest"'))
    const { store } = app
    await store.getState().openModel([modelFile('other.h5')])
    await expect
      .poll(() => store.getState().recorded?.fittedModel?.difference)
      .toContain('other.h5 is not the model that earlier.urpatch.json was made with')
    expect(aloneOf(store.getState())).not.toBeNull()
    await store.getState().run(['first'])
    expect(aloneOf(store.getState())).toBeNull()
    expect(besideOf(store.getState())).toBeNull()
    expect(resultOf(store.getState(), 'first')).toBe(store.getState().results.get('first'))
    expect(resultOf(store.getState(), 'second')).toBeUndefined()
  })

  it('that has other layers does not take the view from the file, until this is closed', async () => {
    const app = await withImages((text) =>
      text
        .replace('"model digest"', '"another digest"')
        .replaceAll('"first"', '"early"')
        .replaceAll('"second"', '"late"'),
    )
    const { store } = app
    store.getState().showLayer('late')
    await store.getState().openModel([modelFile('other.h5')])
    await expect.poll(() => store.getState().recorded?.fittedModel?.difference).toContain('other.h5')
    expect(['early', 'late']).toContain(store.getState().layer)
    store.getState().closeResults()
    expect(['first', 'second']).toContain(store.getState().layer)
  })

  it('that is open with another size is told', async () => {
    const app = await withImages((text) => text.replace('"inputShape":[6,5,3]', '"inputShape":[8,8,3]'))
    await app.store.getState().openModel([modelFile()])
    await expect
      .poll(() => app.store.getState().recorded?.fittedModel?.difference)
      .toBe('animals.h5 is open with an input of 6×5×3, and earlier.urpatch.json was made with 8×8×3.')
  })

  it('that is scanned with some of the images missing puts the file aside', async () => {
    const app = testApp()
    const { getState } = app.store
    await getState().openResults(await scannedFile(40))
    await getState().openImages(sourceOf('photos', folderOf(imagePaths(39))))
    await getState().openModel([modelFile()])
    await expect.poll(() => besideOf(getState())).not.toBeNull()
    await getState().run(['first'])
    expect(resultOf(getState(), 'second')).toBeUndefined()
    await settled()
  })
})
