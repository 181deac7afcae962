/** @file What a forward pass says of a layer: each image's map reduced over space, channel by channel. */

/**
 * Arrays are `[N, C]`. NaN units are left out of maximum and minimum; if all units are NaN these are -Infinity and
 * Infinity.
 */
export interface ChannelSummary {
  readonly channels: number
  readonly max: Float32Array
  /** The position of the maximum: flat, row-major, the first one on ties (as `np.argmax`), up to rounding. */
  readonly position: Uint32Array
  readonly min: Float32Array
  /** The number of units above 0. */
  readonly active: Uint32Array
  /** 1 if a unit was NaN. */
  readonly nan: Uint8Array
}

/** Is all zero, and in one piece of memory: to hand over thousands of small pieces takes longer than what is in them. */
export function emptySummary(images: number, channels: number): ChannelSummary {
  const count = images * channels
  const memory = new ArrayBuffer(17 * count)
  return {
    channels,
    max: new Float32Array(memory, 0, count),
    position: new Uint32Array(memory, 4 * count, count),
    min: new Float32Array(memory, 8 * count, count),
    active: new Uint32Array(memory, 12 * count, count),
    nan: new Uint8Array(memory, 16 * count, count),
  }
}

/** The pieces of memory that the arrays of summaries lie in, each once, to be handed over. */
export function memoryOf(summaries: readonly Partial<ChannelSummary>[]): ArrayBufferLike[] {
  const arrays = summaries.flatMap((summary) =>
    Object.values(summary).filter((value) => typeof value === 'object'),
  )
  return [...new Set(arrays.map(({ buffer }) => buffer))]
}
