/** Browsers that lack something: a function takes it away from the page and from every worker, before any script of the app has run. */
import type { BrowserContext, Page } from 'playwright'
import type { WatchedBrowser } from './person.ts'

/** Opens a page in which `take` has run, as in each of its workers; it must not use anything of its surroundings. */
export async function pageWithout(
  browser: WatchedBrowser,
  context: BrowserContext,
  take: () => void,
): Promise<Page> {
  const page = await browser.newPage(context)
  const script = `(${String(take)})()`
  await page.addInitScript(script)
  await page.route(/lacking\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: script }))
  await page.route(/\.worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch()
    // Imports are run in their order, so this comes before those of the worker's own script.
    await route.fulfill({ response, body: `import './lacking.js'\n${await response.text()}` })
  })
  return page
}

/** Pictures that are decoded by programs, and canvases in 2-D only; bitmaps are made as the browser likes. */
export function takeDecoders(): void {
  const { createImageBitmap: make, OffscreenCanvas: Canvas } = globalThis
  Reflect.deleteProperty(globalThis, 'ImageDecoder')
  Object.assign(globalThis, {
    createImageBitmap: (source: ImageBitmapSource) => make(source),
  })
  const { getContext } = Canvas.prototype
  Object.assign(Canvas.prototype, {
    getContext(this: OffscreenCanvas, ...all: [string]) {
      return all[0].startsWith('webgl') ? null : Reflect.apply(getContext, this, all)
    },
  })
}

/** What only Chromium has, or a browser gives to some pages only. */
export function takeServices(): void {
  const own = Object.getPrototypeOf(navigator) as object
  for (const name of ['locks', 'storage', 'gpu']) Reflect.deleteProperty(own, name)
  Reflect.deleteProperty(globalThis, 'BroadcastChannel')
  if ('document' in globalThis)
    Object.defineProperty(own, 'serviceWorker', {
      get: () => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      },
    })
}

/** What opens folders, and what tells dropped folders from files. */
export function takeFolders(): void {
  for (const name of ['showDirectoryPicker', 'showOpenFilePicker']) Reflect.deleteProperty(globalThis, name)
  if (!('document' in globalThis)) return
  Reflect.deleteProperty(HTMLInputElement.prototype, 'webkitdirectory')
  for (const name of ['getAsFileSystemHandle', 'webkitGetAsEntry'])
    Reflect.deleteProperty(DataTransferItem.prototype, name)
}
