/** @file The most images in a pass. */

/**
 * The engine takes fewer if memory or speed say so. WASM gains nothing from more than these (measured in
 * `npm run bench`), and a pause takes effect at once.
 */
export function imagesPerPass(backend: string): number {
  return backend === 'wasm' ? 16 : 64
}
