import { describe, expect, it } from 'vitest'
import { server } from 'vitest/browser'
import { notebookPreprocessing } from '../../src/core/preprocessing/preprocessing.ts'
import type { Gallery } from '../../src/engine/gallery.ts'
import { layOutSheet } from '../../src/core/mosaic/figureSheet.ts'
import { slotOrigin } from '../../src/core/mosaic/layout.ts'
import type { Remote } from '../../src/rpc/remote.ts'
import { LayerResult } from '../../src/core/scan/layerResult.ts'
import { spawnEngine, spawnGallery } from '../../src/state/workers/workers.ts'
import { stretched } from '../fixtures/framing.ts'
import { halves, pixelAt, stripes } from './bitmaps.ts'
import { fixtureFile, fixtureModel } from './fixtureFiles.ts'
import { goldenPicture } from './goldenInput.ts'

const names = ['red/00.png', 'blue/gray.png', 'green/alpha.png', 'red/large.png', 'green/small.png'] as const

describe('the engine in its worker', () => {
  it('scans batches that overlap, and leaves no tensor behind', async () => {
    const { remote, terminate } = spawnEngine()
    expect(await remote.start('wasm')).toMatchObject({ name: 'wasm', reason: 'You chose it.' })
    const { network } = await remote.openModel(await fixtureModel('sequential.h5'), { inputSize: null })
    const layers = ['conv_valid', 'pool_same', 'out'].map((name) =>
      network.layers.findIndex((l) => l.name === name),
    )
    const items = await Promise.all(
      names.map(async (name, image) => ({ image, handle: await fixtureFile(name) })),
    )

    const scan = async (batchSize: number): Promise<LayerResult[]> => {
      await remote.beginScan({ layers, preprocessing: notebookPreprocessing, maxPassSize: batchSize })
      const results = [new LayerResult(8, 22 * 20, 3), new LayerResult(6, 4 * 3, 3), new LayerResult(5, 1, 3)]
      const starts = Array.from({ length: Math.ceil(items.length / batchSize) }, (_, i) => i * batchSize)
      // The calls come all at once, and the worker queues them.
      const reports = await Promise.all(starts.map((at) => remote.scanBatch(items.slice(at, at + batchSize))))
      for (const report of reports)
        for (const [i, summary] of report.summaries.entries()) results[i]!.absorb(summary, report.images)
      return results
    }
    const tops = (results: LayerResult[]) =>
      results.map(({ topK }) => Array.from({ length: topK.channels }, (_, c) => topK.entries(c)))

    const one = await scan(1)
    const tensors = await remote.tensorCount()
    const two = await scan(2)
    const all = await scan(8)
    expect(await remote.tensorCount()).toBe(tensors)
    expect(one.map(({ scanned }) => scanned)).toEqual([5, 5, 5])
    expect(tops(two)).toEqual(tops(one))
    expect(tops(all)).toEqual(tops(one))
    terminate()
  })

  it('frees the filters of the way back when a scan begins', async () => {
    const { remote, terminate } = spawnEngine()
    await remote.start('wasm')
    const { network } = await remote.openModel(await fixtureModel('sequential.h5'), { inputSize: null })
    const layer = network.layers.findIndex(({ name }) => name === 'conv_valid')
    const settings = { layers: [layer], preprocessing: notebookPreprocessing, maxPassSize: 1 }
    await remote.beginScan(settings)
    const picture = await goldenPicture(network.inputShape)
    const unit = { layer, channel: 0, unit: [3, 4], picture, preprocessing: notebookPreprocessing } as const
    const before = await remote.unitGradient(unit)
    const turned = await remote.packedBytes()
    await remote.beginScan(settings)
    expect(await remote.packedBytes()).toBeLessThan(turned)
    expect(await remote.unitGradient(unit)).toEqual(before)
    expect(await remote.packedBytes()).toBe(turned)
    terminate()
  })

  it('keeps the open model when another one cannot be opened, and says why', async () => {
    const { remote, terminate } = spawnEngine()
    await remote.start('wasm')
    await remote.openModel(await fixtureModel('sequential.h5'), { inputSize: null })
    const tensors = await remote.tensorCount()
    await expect(
      remote.openModel(await fixtureModel('keras2-weights.h5'), { inputSize: null }),
    ).rejects.toMatchObject({
      code: 'model/weights-only',
    })
    expect(await remote.tensorCount()).toBe(tensors)
    terminate()
  })

  it('rejects what is pending when it is terminated', async () => {
    const { remote, terminate } = spawnEngine()
    const pending = remote.start('wasm')
    terminate()
    await expect(pending).rejects.toMatchObject({ code: 'worker/died' })
    await expect(remote.tensorCount()).rejects.toMatchObject({ code: 'worker/died' })
  })
})

describe('the gallery in its worker', () => {
  /** A mosaic of images that the gallery knows. */
  const mosaicOf = async (
    remote: Pick<Remote<Gallery>, 'addImages' | 'mosaic'>,
    ...request: Parameters<Gallery['mosaic']>
  ): Promise<ImageBitmap> => {
    const answer = await remote.mosaic(...request)
    if ('unknown' in answer) throw new Error(`unknown: ${answer.unknown.join()}`)
    return answer.bitmap
  }

  /** A picture with red in the left half and blue in the right. */
  const twoColours = (width: number, height: number): Promise<Blob> => halves(width, height, '#f00', '#00f')

  it('cuts patches from the original picture, mapped back through the resize', async () => {
    const { remote, terminate } = spawnGallery()
    await remote.addImages([[0, await twoColours(80, 40)]])
    // The model sees 8×8; its left four columns are red.
    const patches = [
      { image: 0, box: [0, 0, 4, 4] as const },
      { image: 0, box: [0, 4, 4, 8] as const },
      { image: 0, box: [2, 2, 6, 6] as const },
    ]
    const bitmap = await mosaicOf(remote, patches, stretched([8, 8, 3]), { side: 2, patch: 20, gap: 2 })
    expect([bitmap.width, bitmap.height]).toEqual([42, 42])
    expect(pixelAt(bitmap, 10, 10)).toEqual([255, 0, 0, 255])
    expect(pixelAt(bitmap, 32, 10)).toEqual([0, 0, 255, 255])
    expect(pixelAt(bitmap, 5, 32)).toEqual([255, 0, 0, 255])
    expect(pixelAt(bitmap, 15, 32)).toEqual([0, 0, 255, 255])
    // The fourth slot and the gaps are empty.
    expect(pixelAt(bitmap, 32, 32)).toEqual([0, 0, 0, 0])
    expect(pixelAt(bitmap, 21, 10)).toEqual([0, 0, 0, 0])
    terminate()
  })

  it('shows the part of a border patch in its place, and what lies outside as grey', async () => {
    const { remote, terminate } = spawnGallery()
    await remote.addImages([[0, await twoColours(8, 8)]])
    const box = [-4, -4, 4, 4] as const
    const bitmap = await mosaicOf(remote, [{ image: 0, box }], stretched([8, 8, 3]), {
      side: 1,
      patch: 16,
      gap: 0,
    })
    expect(pixelAt(bitmap, 12, 12)).toEqual([255, 0, 0, 255])
    expect(pixelAt(bitmap, 3, 3)[3]).toBeLessThan(128)
    terminate()
  })

  it('cuts the same patches of pictures that are none of the images, in files or decoded', async () => {
    const { remote, terminate } = spawnGallery()
    const file = await twoColours(12, 12)
    await remote.addImages([[0, file]])
    const bitmap = await createImageBitmap(file)
    const context = new OffscreenCanvas(12, 12).getContext('2d')!
    context.drawImage(bitmap, 0, 0)
    bitmap.close()
    const frame = stretched([8, 8, 3])
    const pixelsOf = (patch: ImageBitmap): number[][] =>
      Array.from({ length: 256 }, (_, i) => pixelAt(patch, i % 16, Math.floor(i / 16)))
    for (const box of [
      [1, 2, 7, 6],
      [-4, -4, 4, 4],
    ] as const) {
      const layout = { side: 1, patch: 16, gap: 0 }
      const wanted = pixelsOf(await mosaicOf(remote, [{ image: 0, box }], frame, layout))
      for (const picture of [file, context.getImageData(0, 0, 12, 12)])
        expect(pixelsOf(await remote.foreignPatch(picture, box, frame, 16))).toEqual(wanted)
    }
    await expect(remote.foreignPatch(new Blob(['none']), [0, 0, 8, 8], frame, 16)).rejects.toThrow('picture')
    terminate()
  })

  it('marks the patch of an unreadable picture and draws the others', async () => {
    const { remote, terminate } = spawnGallery()
    await remote.addImages([
      [0, await fixtureFile('red/broken.png')],
      [1, await twoColours(8, 8)],
    ])
    const whole = [0, 0, 8, 8] as const
    const patches = [0, 1].map((image) => ({ image, box: whole }))
    const bitmap = await mosaicOf(remote, patches, stretched([8, 8, 3]), { side: 2, patch: 8, gap: 0 })
    expect(pixelAt(bitmap, 1, 4)[3]).toBe(89)
    expect(pixelAt(bitmap, 4, 4)[3]).toBeGreaterThan(150)
    expect(pixelAt(bitmap, 10, 2)).toEqual([255, 0, 0, 255])
    terminate()
  })

  it('says which images it does not know, and takes those that have been decoded already for a while', async () => {
    const { remote, terminate } = spawnGallery()
    const layout = { side: 2, patch: 8, gap: 0 }
    const whole = [0, 0, 8, 8] as const
    const patches = [7, 8].map((image) => ({ image, box: whole }))
    const framing = stretched([8, 8, 3])
    expect(await remote.mosaic(patches, framing, layout)).toEqual({ unknown: [7, 8] })
    expect(await remote.picture(7, 100, 'ignore')).toEqual({ unknown: [7] })
    // The green is half transparent. Transparency is dropped, as for the network.
    const green = { image: 7, width: 1, height: 1, data: Uint8Array.of(0, 200, 0, 128) }
    await remote.addPictures([green], 'ignore')
    expect(await remote.mosaic(patches, framing, layout)).toEqual({ unknown: [8] })
    // With another orientation it is another picture.
    expect(await remote.mosaic(patches, { ...framing, orientation: 'apply' }, layout)).toEqual({
      unknown: [7, 8],
    })
    await remote.addImages([[8, { kind: 'lost', why: 'it cannot be read (it was moved)' }]])
    await expect(remote.picture(8, 100, 'ignore')).rejects.toMatchObject({
      code: 'images/unreadable',
      message: 'it cannot be read (it was moved)',
    })
    const bitmap = await mosaicOf(remote, patches, framing, layout)
    expect(pixelAt(bitmap, 4, 4)).toEqual([0, 200, 0, 255])
    expect(pixelAt(bitmap, 9, 4)[3]).toBe(89)
    // Making figures takes longer than such a picture is sure to be kept.
    const sheet = layOutSheet(1, 1, { width: 200, scale: 1, captions: 'alone' })
    expect(
      await remote.figures(
        [{ title: 'a', note: '', captions: [], descriptions: ['', ''], patches }],
        framing,
        sheet,
        ['', ''],
        'png',
      ),
    ).toEqual({ unknown: [7] })
    await remote.clear()
    expect(await remote.mosaic(patches, framing, layout)).toEqual({ unknown: [7, 8] })
    terminate()
  })

  it('cuts tiles from the copy of a large picture, and what must be sharp from the picture itself', async () => {
    const { remote, terminate } = spawnGallery()
    // A copy cannot hold fine stripes. Here it has another colour too, so that the test sees which of them is shown.
    await remote.addImages([[0, await stripes(2400, 1200)]])
    const file = await halves(1448, 724, '#0f0', '#0f0', 'image/jpeg')
    await remote.addCopies([{ image: 0, width: 2400, height: 1200, file }], 'ignore')
    const framing = stretched([24, 24, 3])
    const layout = { side: 1, patch: 100, gap: 0 }
    const patches = [{ image: 0, box: [0, 0, 1, 1] as const }]
    const tile = await mosaicOf(remote, patches, framing, layout)
    expect(pixelAt(tile, 50, 50)[1]).toBeGreaterThan(240)
    const sharp = await mosaicOf(remote, patches, framing, layout, { sharp: true, have: null })
    expect([0, 1, 2, 3].map((x) => pixelAt(sharp, x, 50)[0])).toEqual([255, 0, 255, 0])
    // The copy is enough if it has a pixel for each one that is shown.
    const small = { side: 1, patch: 20, gap: 0 }
    const wish = { sharp: true, have: null }
    const enough = await mosaicOf(remote, patches, framing, small, wish)
    expect(pixelAt(enough, 10, 10)[1]).toBeGreaterThan(240)
    // The whole picture has its real size, also if it is drawn from the copy.
    const pictures = [await remote.picture(0, 600, 'ignore'), await remote.picture(0, 2000, 'ignore')]
    expect(pictures.map((picture) => 'width' in picture && [picture.width, picture.bitmap.width])).toEqual([
      [2400, 600],
      [2400, 2000],
    ])
    terminate()
  })

  it('makes a copy of a large picture that it has to decode, and cuts it as the picture itself', async () => {
    const { remote, terminate } = spawnGallery()
    await remote.addImages([[0, await twoColours(2400, 1200)]])
    const box = [0, 0, 4, 4] as const
    const framing = stretched([8, 8, 3])
    const patches = [
      { image: 0, box },
      { image: 0, box: [2, 2, 6, 6] as const },
    ]
    const layout = { side: 2, patch: 20, gap: 0 }
    const [copied, sharp] = [
      await mosaicOf(remote, patches, framing, layout),
      await mosaicOf(remote, patches, framing, layout, { sharp: true, have: null }),
    ]
    for (const bitmap of [copied, sharp]) {
      expect(pixelAt(bitmap, 10, 10)).toEqual([255, 0, 0, 255])
      expect(pixelAt(bitmap, 25, 10)).toEqual([255, 0, 0, 255])
      expect(pixelAt(bitmap, 35, 10)).toEqual([0, 0, 255, 255])
    }
    terminate()
  })

  it('hands over a mosaic in parts, as its patches come', async () => {
    const { remote, terminate } = spawnGallery()
    const patches = Array.from({ length: 5 }, (_, image) => ({ image, box: [0, 0, 8, 8] as const }))
    await remote.addImages(
      await Promise.all(patches.map(async ({ image }) => [image, await twoColours(5000, 4000)] as const)),
    )
    const layout = { side: 3, patch: 8, gap: 0 }
    const steps: number[] = []
    for (let have = 0; ;) {
      const answer = await remote.mosaic(patches, stretched([8, 8, 3]), layout, { sharp: false, have })
      if ('unknown' in answer) throw new Error('it knows them')
      const drawn = patches.filter((_, rank) => {
        const { x, y } = slotOrigin(layout, rank)
        return pixelAt(answer.bitmap, x + 2, y + 2)[3] === 255
      })
      expect(drawn).toHaveLength(answer.steps)
      steps.push(answer.steps)
      if (answer.done) break
      have = answer.steps
    }
    // WebKit was seen to decode all of them before it hands over any.
    if (server.browser !== 'webkit') expect(steps.length).toBeGreaterThan(1)
    expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b))
    expect(steps.at(-1)).toBe(5)
    terminate()
  })

  it('reads index files and digests like sha256sum', async () => {
    const { remote, terminate } = spawnGallery()
    expect(await remote.readIndex(new Blob(['cat\t1.png\r\ndog\t2.png\n\n']))).toEqual([
      ['cat', '1.png'],
      ['dog', '2.png'],
    ])
    expect(await remote.readIndex(new Blob(['a.png\nb.png\n']))).toEqual([['a.png'], ['b.png']])
    expect(await remote.readIndex(new Blob(['"a;b.png";cat\n']))).toEqual([['a;b.png', 'cat']])
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    expect(await remote.digestFile(new Blob([]))).toBe(empty)
    expect(await remote.digestLines([])).toBe(empty)
    terminate()
  })
})
