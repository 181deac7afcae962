/** What the soak counts as bitmaps: those that are held in the page and in workers, and no others. */
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium } from '../../src/cli/browser.mjs'
import { heapBytes } from '../bench/heaps.mjs'
import { bitmapsOf, watchBitmaps } from './bitmaps.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

it('counts bitmaps that are neither closed nor handed over nor garbage', async () => {
  const page = await browser.newPage()
  await watchBitmaps(page)
  const html = { contentType: 'text/html', body: '<!doctype html>' }
  await page.route('**', (route) => route.fulfill(html))
  await page.goto('http://localhost/')
  const counted = async () => {
    await heapBytes(page)
    return bitmapsOf(page)
  }
  expect(await counted()).toEqual({ count: 0, bytes: 0 })

  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(100, 10)
    canvas.getContext('2d')
    const kept = [await createImageBitmap(canvas), canvas.transferToImageBitmap()]
    for (let i = 0; i < 50; i++) await createImageBitmap(canvas)
    // The worker keeps what it gets, makes one of 10 × 10 pixels and sends one of 10 × 20 back.
    const program = `
      const kept = []
      const drawn = (height) => {
        const canvas = new OffscreenCanvas(10, height)
        canvas.getContext('2d')
        return canvas.transferToImageBitmap()
      }
      onmessage = ({ data }) => {
        kept.push(data, drawn(10))
        const picture = drawn(20)
        postMessage({ pictures: [picture] }, [picture])
      }`
    const worker = new Worker(URL.createObjectURL(new Blob([program])))
    Object.assign(window, { kept, worker })
  })
  // In the soak workers are watched long before they have pictures.
  await expect.poll(counted).toMatchObject({ count: 2 })
  await page.evaluate(async () => {
    const { worker } = window as unknown as { worker: Worker }
    const answered = new Promise<unknown>((resolve) => {
      worker.addEventListener('message', ({ data }) => resolve(data), { once: true })
    })
    const sent = await createImageBitmap(new ImageData(100, 10))
    worker.postMessage({ a: [{ sent }] }, [sent])
    const answer = await answered
    Object.assign(window, { answer, sent })
  })
  expect(await counted()).toEqual({ count: 5, bytes: 4 * (1000 + 1000 + 1000 + 100 + 200) })

  await page.evaluate(() => {
    const { kept, worker } = window as unknown as { kept: ImageBitmap[]; worker: Worker }
    kept[0]!.close()
    worker.terminate()
  })
  await expect.poll(counted).toEqual({ count: 2, bytes: 4 * (1000 + 200) })
  await page.close()
})
