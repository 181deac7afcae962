/** Figures as files: what a reader of each format finds in them. */
import { extractImages, extractTextItems, getDocumentProxy } from 'unpdf'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FigureFormat } from '../../../../src/core/mosaic/figureFormats.ts'
import { type Captions, layOutSheet } from '../../../../src/core/mosaic/figureSheet.ts'
import { spawnGallery, type WorkerHandle } from '../../../../src/state/workers/workers.ts'
import type { FigureRequest, Gallery } from '../../../../src/engine/gallery.ts'
import type { Box } from '../../../../src/core/model/receptiveField.ts'
import { stretched } from '../../../fixtures/framing.ts'
import { halves, pixelAt } from '../../bitmaps.ts'

const red = [255, 0, 0, 255]
const blue = [0, 0, 255, 255]
const foreign = 'глаз 目 (عين) 𝔛 − </text>'
const western = 'Zürich (½) \\ „Œuvre“ €5'

function request(patches: readonly (readonly [image: number, box: Box])[], name: string): FigureRequest {
  const ranks = patches.map((_, i) => i + 1)
  return {
    title: `Channel 3 · ${name}`,
    note: '4.500 … 3.200 · 67 % cat',
    captions: ranks.map((rank) => `${rank} · 4.500 · cat`),
    descriptions: ranks.map((rank) => `conv, channel 3, rank ${rank}\u0000`),
    patches: patches.map(([image, box]) => ({ image, box })),
  }
}

/** Shows a part as it is, and one that lies half beyond the picture. */
const ofSmall = [
  [0, [2, 2, 6, 6]],
  [0, [-4, 0, 4, 8]],
  [0, [1.5, 2.5, 5.5, 6.5]],
] as const

describe('a figure', () => {
  let gallery: WorkerHandle<Gallery>
  beforeEach(async () => {
    gallery = spawnGallery()
    // The second one is a large photo; the third is none.
    await gallery.remote.addImages([
      [0, await halves(8, 8, '#f00', '#00f')],
      [1, await halves(1600, 1600, '#f00', '#00f')],
      [2, new Blob(['no picture'])],
    ])
  })
  afterEach(() => gallery.terminate())

  async function files(
    format: FigureFormat,
    requests: readonly FigureRequest[],
    { scale = 1, captions = 'alone' as Captions } = {},
  ): Promise<Blob[]> {
    const sheet = layOutSheet(9, requests.length, { width: 800, scale, captions }, format !== 'svg')
    const head = ['conv of model.h5', 'The strongest patches'] as const
    const answer = await gallery.remote.figures(requests, stretched([8, 8, 3]), sheet, head, format)
    return 'unknown' in answer ? [] : answer
  }
  const placed = layOutSheet(9, 1, { width: 800, scale: 1, captions: 'alone' })
  const left = placed.margin
  const top = placed.head + placed.margin + 2 * placed.line
  const { patch } = placed.mosaic

  /** The first patch has a red and a blue half, the second is grey above. */
  function expectPatches(bitmap: ImageBitmap): void {
    expect(pixelAt(bitmap, left + 2, top + 2)).toEqual(red)
    expect(pixelAt(bitmap, left + patch / 2 - 2, top + patch - 3)).toEqual(red)
    expect(pixelAt(bitmap, left + Math.ceil(patch / 2) + 2, top + patch - 3)).toEqual(blue)
    const second = left + patch + placed.mosaic.gap
    expect(pixelAt(bitmap, second + 10, top + patch / 2 - 4)).toEqual([211, 211, 211, 255])
    expect(pixelAt(bitmap, second + 10, top + patch / 2 + 4)).toEqual(red)
    // The third one has half a pixel more on the right, and nothing reaches beyond a patch.
    const third = second + patch + placed.mosaic.gap
    expect(pixelAt(bitmap, third + Math.floor(0.3 * patch), top + 20)).toEqual(red)
    expect(pixelAt(bitmap, third + Math.floor(0.45 * patch), top + 20)).toEqual(blue)
    expect(pixelAt(bitmap, third + patch + 4, top + 20)).toEqual([255, 255, 255, 255])
    expect(hasInk(bitmap, left, top + patch + 2, patch, 20)).toBe(true)
    expect(hasInk(bitmap, left, top - 2 * placed.line, patch, 16)).toBe(true)
    expect(hasInk(bitmap, left, placed.margin, 200, 18)).toBe(true)
  }

  it('as PNG has a page for each file, of a size that can be printed', async () => {
    const pages = await files('png', Array(64).fill(request(ofSmall, 'eye')))
    expect(pages.length).toBeGreaterThan(2)
    for (const page of pages) {
      const { width, height } = await createImageBitmap(page)
      expect(width).toBe(800)
      expect(height).toBeLessThanOrEqual(800 * Math.SQRT2)
    }
    const [one] = await files('png', [request(ofSmall, 'eye')])
    expectPatches(await createImageBitmap(one!))
    const [fine] = await files('png', [request(ofSmall, 'eye')], { scale: 2 })
    expect((await createImageBitmap(fine!)).width).toBe(1600)
  })

  it('as SVG has texts of all letters, and pixels as they are in the picture', async () => {
    const [file] = await files('svg', [request([...ofSmall, [1, [0, 0, 8, 8]], [2, [0, 0, 8, 8]]], foreign)])
    const drawn = new DOMParser().parseFromString(await file!.text(), 'image/svg+xml')
    expect(drawn.querySelector('parsererror')).toBeNull()
    const texts = [...drawn.querySelectorAll('text')].map(({ textContent }) => textContent)
    expect(texts).toEqual([
      'conv of model.h5',
      'The strongest patches',
      `Channel 3 · ${foreign}`,
      '4.500 … 3.200 · 67 % cat',
      ...[1, 2, 3, 4, 5].map((rank) => `${rank} · 4.500 · cat`),
    ])
    expect(drawn.querySelector('g g title')!.textContent).toBe('conv, channel 3, rank 1\ufffd')
    const sizes = await Promise.all(
      [...drawn.querySelectorAll('image')].map(async (image) => {
        const { width, height } = await createImageBitmap(
          await (await fetch(image.getAttribute('href')!)).blob(),
        )
        return [width, height]
      }),
    )
    // A photo has no more pixels than the sheet has room for; one that cannot be read is marked.
    expect(sizes).toEqual([
      [4, 4],
      [8, 4],
      [5, 5],
      [patch, patch],
      [patch, patch],
    ])
    expectPatches(await drawnSvg(file!))
  })

  it('as SVG is one sheet, however many channels there are', async () => {
    const sheets = await files('svg', Array(64).fill(request(ofSmall, 'eye')), { captions: 'all' })
    expect(sheets).toHaveLength(1)
    const drawn = new DOMParser().parseFromString(await sheets[0]!.text(), 'image/svg+xml')
    expect(drawn.querySelectorAll('image')).toHaveLength(192)
    expect(drawn.querySelectorAll('text')).toHaveLength(2 + 64 * 5)
  })

  it('as PDF has texts that can be copied, in all letters, and pixels as they are in the picture', async () => {
    const found = async (name: string) => {
      const [file] = await files('pdf', [request([...ofSmall, [1, [0, 0, 8, 8]]], name)])
      const pdf = await getDocumentProxy(await bytesOf(file!), {
        verbosity: 0,
        isOffscreenCanvasSupported: false,
      })
      expect(pdf.numPages).toBe(1)
      expect(((await pdf.getMetadata()).info as { Title: string }).Title).toBe('conv of model.h5')
      const { items } = await extractTextItems(pdf)
      const text = items[0]!.map(({ str }) => str).join('')
      return { text, images: await extractImages(pdf, 1) }
    }
    const { text, images } = await found(western)
    for (const part of [
      'conv of model.h5',
      `Channel 3 · ${western}`,
      '4.500 … 3.200 · 67 % cat',
      '3 · 4.500 · cat',
    ])
      expect(text).toContain(part)
    expect(images.map(({ width, height }) => [width, height])).toEqual([
      [4, 4],
      [8, 4],
      [5, 5],
      [patch, patch],
    ])
    const row = [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255]
    expect([...images[0]!.data]).toEqual([...row, ...row, ...row, ...row])
    // A text with other letters is a picture, under letters that are not drawn. Some are read from right to left.
    const other = await found(foreign)
    expect(other.images.map(({ width }) => width)).toEqual([expect.any(Number), 4, 8, 5, patch])
    expect(other.images[0]!.width).toBeGreaterThan(1000)
    expect(other.images[0]!.data.some((value) => value < 50)).toBe(true)
    for (const part of ['Channel 3 · глаз 目', '𝔛 − </text>']) expect(other.text).toContain(part)
    for (const letter of 'عين') expect(other.text.normalize('NFKC')).toContain(letter)
  })

  it('as PDF is drawn as the PNG is, by another program', async () => {
    const [file] = await files('pdf', [request(ofSmall, 'eye')])
    const pdf = await getDocumentProxy(await bytesOf(file!), {
      verbosity: 0,
      isOffscreenCanvasSupported: false,
    })
    const page = await pdf.getPage(1)
    const { width, height } = page.getViewport({ scale: 1 })
    expect(width).toBeCloseTo(595.276, 2)
    const viewport = page.getViewport({ scale: 800 / width })
    const canvas = document.createElement('canvas')
    canvas.width = 800
    canvas.height = Math.round((height * 800) / width)
    await page.render({ canvas, viewport }).promise
    expectPatches(await createImageBitmap(canvas))
  })

  it('as PDF has pages for many channels', async () => {
    const [file, ...more] = await files('pdf', Array(64).fill(request(ofSmall, 'eye')))
    expect(more).toEqual([])
    const pdf = await getDocumentProxy(await bytesOf(file!), {
      verbosity: 0,
      isOffscreenCanvasSupported: false,
    })
    expect(pdf.numPages).toBeGreaterThan(2)
    const { items } = await extractTextItems(pdf)
    expect(items.map((page) => page.some(({ str }) => /page \d of \d/.test(str)))).toEqual(
      items.map(() => true),
    )
    for (let number = 1; number <= pdf.numPages; number++) {
      const { width, height } = (await pdf.getPage(number)).getViewport({ scale: 1 })
      expect(height / width).toBeLessThanOrEqual(Math.SQRT2 + 1e-3)
    }
  })
})

async function bytesOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer())
}

async function drawnSvg(file: Blob): Promise<ImageBitmap> {
  const image = new Image()
  image.src = URL.createObjectURL(file)
  await image.decode()
  URL.revokeObjectURL(image.src)
  return createImageBitmap(image)
}

/** Whether there is any dark text. */
function hasInk(bitmap: ImageBitmap, x: number, y: number, width: number, height: number): boolean {
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(bitmap, -x, -y)
  const { data } = context.getImageData(0, 0, width, height)
  return data.some((value, i) => i % 4 === 0 && value < 100)
}
