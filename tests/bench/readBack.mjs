/**
 * @file Counts the bytes that come back from the graphics card, at WebGL's calls that return them, in the workers of the
 * build itself. (On WASM they are only copied inside of the worker, which costs nothing.)
 */

/** @typedef {import('./page.mjs').Page} Page */
/** @typedef {typeof globalThis & { bytesReadBack: number }} Counting */

/** Counts from now on in all engines that exist. @param {Page} page */
export async function countReadBack(page) {
  for (const worker of engines(page)) await worker.evaluate(install)
}

/** The bytes that have come back since then, in all engines together. @param {Page} page */
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

/** Runs in a worker, so it must not use anything from outside. */
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
    // Otherwise the argument is an offset in a buffer on the card.
    if (ArrayBuffer.isView(args[6])) counting.bytesReadBack += args[6].byteLength
    return Reflect.apply(readPixels, this, args)
  }
}
