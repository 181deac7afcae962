import { describe, expect, it } from 'vitest'
import { clauseError, sentence } from '../../../src/core/errors.ts'
import type { PatchRequest } from '../../../src/engine/gallery.ts'
import type { ImageSource } from '../../../src/state/images/imageSource.ts'
import { stretched } from '../../fixtures/framing.ts'
import { deferred, folderOf, imagePaths, settled, sourceOf, testApp } from '../../fixtures/fakeWorkers.ts'

const layout = { side: 4, patch: 32, gap: 2 }

function patch(image: number): PatchRequest {
  return { image, box: [0, 0, 3, 3] }
}

/** A source whose files are listed but cannot be opened. */
function moved(error: unknown): ImageSource {
  return { ...sourceOf('photos', folderOf(imagePaths(4))), open: () => Promise.reject(error) }
}

describe('a picture that cannot be shown', () => {
  it.each([
    ['in our words', clauseError('images/unreadable', { reason: 'it was moved' }), 'it was moved'],
    ['in the words of the browser', new DOMException('no such entry', 'NotFoundError'), 'no such entry'],
  ])('is named by its path, with the reason %s', async (_, error, reason) => {
    const { store } = testApp()
    await store.getState().openImages(moved(error), 'none')
    await expect(store.services.gallery.picture(2, 100, 'ignore')).rejects.toMatchObject({
      code: 'images/not-shown',
      message: `dog/0002.png cannot be shown: it cannot be read (${reason}).`,
    })
  })

  it('leaves its patch empty in a mosaic', async () => {
    const { store } = testApp()
    await store.getState().openImages(moved(new Error('it was moved')), 'none')
    await expect(
      store.services.gallery.mosaic([patch(2)], stretched([6, 5, 3]), layout),
    ).resolves.toBeDefined()
  })

  it('because its worker has died says that, and blames no image', async () => {
    const { store, gallery } = testApp()
    await store.getState().openImages(sourceOf('photos', folderOf(imagePaths(4))))
    const pending = store.services.gallery.picture(1, 100, 'ignore')
    gallery.die('out of memory')
    await expect(pending).rejects.toMatchObject({
      code: 'worker/died',
      message: sentence('worker/died', { worker: 'gallery', reason: 'out of memory' }),
    })
  })
})

it('does not teach a number of the images before to the gallery of the next ones', async () => {
  const { store, gallery } = testApp()
  const gate = deferred()
  const slow = sourceOf('photos', folderOf(imagePaths(4)))
  await store.getState().openImages(
    {
      ...slow,
      async open(path) {
        await gate.promise
        return slow.open(path)
      },
    },
    'none',
  )
  const before = store.services.gallery.picture(1, 100, 'ignore')
  await settled()
  const others = folderOf(imagePaths(4))
  await store.getState().openImages(sourceOf('others', others), 'none')
  gate.resolve()
  await before
  const taught = gallery.calls.filter(([name]) => name === 'addImages').map(([, images]) => images)
  expect(taught).toEqual([[[1, others[1]!.handle]]])
  expect((taught[0] as [number, Blob][])[0]![1]).toBe(others[1]!.handle)
})
