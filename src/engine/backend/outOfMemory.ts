/** @file Recognizes that memory has run out, whether tfjs, the browser or we report it. */

/** An allocation of the backend has failed. Nothing that was computed with it may be used. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory'
  /** The layer that needed the memory, if that is known. */
  readonly layer: string | null

  constructor(layer: string | null = null) {
    super('memory has run out')
    this.layer = layer
  }
}

/**
 * Matches what tfjs throws if a texture would be larger than the graphics card allows or cannot be made at all, and
 * what V8, SpiderMonkey and JavaScriptCore throw if an array cannot be allocated.
 */
const messages =
  /requested texture size|unable to create webgltexture|array buffer allocation failed|invalid (typed )?array (buffer )?length|out of memory/i

export function isOutOfMemory(error: unknown): error is Error {
  return error instanceof OutOfMemory || (error instanceof Error && messages.test(error.message))
}
