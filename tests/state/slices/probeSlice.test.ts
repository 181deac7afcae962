import { describe, expect, it } from 'vitest'
import { layersToLookAt, outputsOf, probedImage, shownImage } from '../../../src/state/selectors/probing.ts'
import { folderOf, imagePaths, readyApp, sourceOf } from '../../fixtures/fakeWorkers.ts'

describe('a picture that is looked at', () => {
  it('may be any file, and stays when its page is closed', async () => {
    const { store } = await readyApp()
    const handle = new Blob(['picture'])
    store.getState().probe({ name: 'mine.png', handle })
    expect(store.getState()).toMatchObject({ page: 'probe', probed: { name: 'mine.png', from: null } })
    expect(probedImage(store.getState())).toBeNull()
    store.getState().showPage(null)
    store.getState().probe()
    expect(store.getState()).toMatchObject({ page: 'probe', probed: { name: 'mine.png' } })
    expect(store.getState().probed!.handle).toBe(handle)
  })

  it('may be an image of the set, until other images are open', async () => {
    const { store } = await readyApp()
    await store.getState().probeImage(3)
    const { images, probed } = store.getState()
    expect(probed?.name).toBe(images!.table.paths[3])
    expect(probedImage(store.getState())).toBe(3)
    await store.getState().openImages(sourceOf('others', folderOf(imagePaths(9))))
    expect(probedImage(store.getState())).toBeNull()
  })

  it('that has gone is reported by its path, and the one before stays', async () => {
    const { store } = await readyApp()
    const { images } = store.getState()
    store.getState().probe({ name: 'mine.png', handle: new Blob() })
    store.setState({ images: { ...images!, handleOf: () => Promise.reject(new Error('it has gone')) } })
    await store.getState().probeImage(0)
    expect(store.getState().probed?.name).toBe('mine.png')
    expect(store.getState().notices.map(({ text }) => text)).toEqual([
      `${images!.table.paths[0]} cannot be shown: it cannot be read (it has gone).`,
    ])
  })

  it('of the set has a page, found by its path', async () => {
    const { store } = await readyApp()
    const { paths } = store.getState().images!.table
    expect(shownImage(store.getState())).toBeNull()
    store.getState().showImage(paths[4]!)
    expect(shownImage(store.getState())).toBe(4)
    store.getState().showImage('nowhere.png')
    expect(shownImage(store.getState())).toBeNull()
  })

  it('has outputs if the last layer is a vector of several numbers', async () => {
    const { store } = await readyApp()
    const { layers } = store.getState().model!.network
    const answer = layers.length - 1
    expect(layers[answer]).toMatchObject({ shape: [expect.any(Number)] })
    expect(outputsOf(store.getState())).toBe(answer)
    const model = store.getState().model!
    const network = {
      ...model.network,
      layers: layers.with(answer, { ...layers[answer]!, shape: [1] } as never),
    }
    expect(outputsOf({ ...store.getState(), model: { ...model, network } })).toBeNull()
    expect(outputsOf({ ...store.getState(), model: null })).toBeNull()
  })

  it('is looked at in the layers that were scanned, or in all if none was', async () => {
    const { store } = await readyApp()
    const names = (): string[] =>
      layersToLookAt(store.getState()).map((layer) => store.getState().model!.network.layers[layer]!.name)
    const all = names()
    expect(all).toContain('first')
    expect(all.length).toBeGreaterThan(1)
    await store.getState().run(['second'])
    expect(names()).toEqual(['second'])
  })
})
