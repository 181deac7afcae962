/**
 * Counts the `ImageBitmap`s of a page and its workers. Their pixels are in no heap, and asking the debugger for all objects
 * of a kind (`Runtime.queryObjects`) crashes Chromium where there is WASM, so each is noted when it is made or received.
 */
import type { Page } from 'playwright'

export interface Bitmaps {
  readonly count: number
  /** Of their pixels. */
  readonly bytes: number
}

interface Counting extends Window {
  openBitmaps?: () => Bitmaps
}

/** Has to be called before the page loads the app. */
export async function watchBitmaps(page: Page): Promise<void> {
  await page.addInitScript(watch)
  page.on('worker', (worker) => {
    // One that ends at once makes no bitmaps.
    worker.evaluate(watch).catch(() => undefined)
  })
}

/** Those that are neither closed nor handed over nor collected as garbage; garbage has to be collected before. */
export async function bitmapsOf(page: Page): Promise<Bitmaps> {
  const count = (): Bitmaps => (self as Counting).openBitmaps!()
  const all = await Promise.all([page.evaluate(count), ...page.workers().map((one) => one.evaluate(count))])
  return {
    count: all.reduce((sum, one) => sum + one.count, 0),
    bytes: all.reduce((sum, one) => sum + one.bytes, 0),
  }
}

/** Runs in the page and in each worker, and therefore uses nothing of this file. */
function watch(): void {
  let known: WeakRef<ImageBitmap>[] = []
  const note = (bitmap: ImageBitmap): ImageBitmap => {
    known.push(new WeakRef(bitmap))
    return bitmap
  }
  const noteAll = (value: unknown): void => {
    if (value instanceof ImageBitmap) note(value)
    else if (Array.isArray(value)) value.forEach(noteAll)
    else if (value && Object.getPrototypeOf(value) === Object.prototype) Object.values(value).forEach(noteAll)
  }
  const receive = ({ data }: { readonly data: unknown }): void => noteAll(data)

  const { createImageBitmap } = self
  self.createImageBitmap = async (...args: unknown[]) =>
    note(await (createImageBitmap as (...given: unknown[]) => Promise<ImageBitmap>)(...args))
  const { transferToImageBitmap } = OffscreenCanvas.prototype
  OffscreenCanvas.prototype.transferToImageBitmap = function () {
    return note(transferToImageBitmap.call(this))
  }
  if (!('document' in self)) (self as EventTarget).addEventListener('message', receive as () => void)
  self.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      this.addEventListener('message', receive)
    }
  }
  ;(self as Counting).openBitmaps = () => {
    // One that was closed or handed over has no size.
    known = known.filter((one) => (one.deref()?.width ?? 0) > 0)
    const sizes = known.map((one) => one.deref()!).map(({ width, height }) => 4 * width * height)
    return { count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
  }
}
