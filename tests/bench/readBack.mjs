/**
 * @file How many bytes come back from the graphics card: counted where WebGL hands them over, in the workers of the
 * build itself. (On WASM they are copied inside of the worker and cost nothing.)
 */

/** @typedef {import('./page.mjs').Page} Page */
/** @typedef {typeof globalThis & { bytesReadBack: number }} Counting */

/** From now on, in all engines that are there. @param {Page} page */
export async function countReadBack(page) {
  for (const worker of engines(page)) await worker.evaluate(install)
}

/** Bytes that have come back since, in all engines together. @param {Page} page */
export async function bytesReadBack(page) {
  let bytes = 0
  for (const worker of engines(page))
    bytes += await worker.evaluate(() => /** @type {Counting} */ (globalThis).bytesReadBack)
  return bytes
}

/** @param {Page} page */
function engines(page) {
  return page.workers().filter((worker) => worker.url().includes('engine.worker'))
}

/** Runs in a worker, and uses nothing from outside. */
function install() {
  const counting = /** @type {Counting} */ (globalThis)
  counting.bytesReadBack = 0
  const { prototype } = WebGL2RenderingContext
  const { getBufferSubData, readPixels } = prototype
  prototype.getBufferSubData = function (...args) {
    counting.bytesReadBack += args[2].byteLength
    return getBufferSubData.apply(this, args)
  }
  prototype.readPixels = function (/** @type {any[]} */ ...args) {
    // Otherwise it is a place in a buffer on the card.
    if (ArrayBuffer.isView(args[6])) counting.bytesReadBack += args[6].byteLength
    return Reflect.apply(readPixels, this, args)
  }
}
