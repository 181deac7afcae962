import { describe, expect, it } from 'vitest'
import { readProjectFile } from '../../../src/core/project/projectFile.ts'
import { withSettings } from '../../../src/core/preprocessing/withSettings.ts'
import { readIndex } from '../../../src/engine/files/readIndex.ts'
import { planProject, type ProjectPart } from '../../../src/state/exports/exportProject.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { folderOf, modelFile, readyApp, sourceOf } from '../../fixtures/fakeWorkers.ts'

async function written(store: AppStore, name = 'week 3'): Promise<Map<string, Blob>> {
  const zip = (files: readonly ProjectPart[]): Promise<Blob> =>
    Promise.resolve(new Blob([files.map((one) => one.name).join()]))
  const plan = planProject(store.getState(), store.services, name, zip)
  const files = new Map<string, Blob>()
  const done: number[] = []
  for await (const part of plan.parts(new AbortController().signal, (count) => done.push(count)))
    files.set(part.name, new Blob([part.input]))
  expect(done.at(-1)).toBe(plan.images)
  return files
}

async function projectOf(files: Map<string, Blob>) {
  return readProjectFile(JSON.parse(await files.get('week-3.urpatch-project.json')!.text()))
}

describe('a project for a link', () => {
  it('is what is open, as the reader of projects reads it', async () => {
    const { store } = await readyApp({}, 6)
    store.getState().setPreprocessing(withSettings({ scale: '-1..1', mean: [0.5] }))
    store.getState().setSelection({ classes: null, splits: null, sample: { random: 4, seed: 7 } })
    store.getState().setK(9)
    store.getState().showLayer('second')
    const files = await written(store)
    const { model, images, preprocessing } = store.getState()
    expect(await projectOf(files)).toMatchObject({
      name: 'week 3',
      model: model!.name,
      images: 'images/index.tsv',
      preprocessing,
      sample: { random: 4, seed: 7 },
      layers: ['second'],
      k: 9,
      classes: null,
      autorun: true,
    })
    // The index names every image by its path on the host, with its class.
    const rows = await readIndex(files.get('images/index.tsv')!)
    const { paths, classNames, classOf } = images!.table
    expect(rows).toEqual(paths.map((path, i) => [classNames[classOf[i]!], path]))
    for (const path of paths) expect(files.has(`images/${path}`), path).toBe(true)
    expect(await files.get(model!.name)!.text()).toBe(await model!.file.text())
    const readme = await files.get('README.txt')!.text()
    expect(readme).toContain('?project=week-3/week-3.urpatch-project.json')
    expect(readme.trim().split('\n')).toHaveLength(3)
  })

  it('packs a model of several files, and gives pictures without a folder one', async () => {
    const { store } = await readyApp({}, 2)
    const parts = ['model.json', 'a.bin'].map((path) => ({ path, file: new File([path], path) }))
    await store.getState().openModel(parts)
    await store.getState().openImages(sourceOf('my "photos"', folderOf(['b c.png', 'a.png'])))
    const files = await written(store)
    expect((await projectOf(files)).model).toBe('model.zip')
    expect(await files.get('model.zip')!.text()).toContain('model.json')
    expect(await readIndex(files.get('images/index.tsv')!)).toEqual(
      [['my-photos-/a.png'], ['my-photos-/b c.png']].map(([path]) => [path!.replace('-/', '/')]),
    )
  })

  it('is a folder that every file system takes, whatever it is called', async () => {
    const { store } = await readyApp({}, 2)
    const files = await written(store, 'Füchse'.repeat(2000))
    for (const path of files.keys())
      for (const part of path.split('/')) expect(new Blob([part]).size).toBeLessThan(256)
    expect([...files.keys()].filter((path) => path.endsWith('.urpatch-project.json'))).toHaveLength(1)
  })

  it('says what it cannot be made of', async () => {
    const { store } = await readyApp({}, 2)
    store.setState({ model: null })
    expect(() =>
      planProject(store.getState(), store.services, 'x', () => Promise.reject(new Error('no zip'))),
    ).toThrow('open a model and images first')
    await store.getState().openModel([modelFile()])
    const raw = {
      kind: 'raw',
      file: new Blob([]),
      offset: 0,
      width: 2,
      height: 2,
      channels: 1,
      layout: 'planar',
    } as const
    await store.getState().openImages({ ...sourceOf('mnist', folderOf(['a/1.png'])), open: () => raw })
    await expect(written(store)).rejects.toThrow('The pictures of mnist lie in dataset files')
  })
})
