/** @file What a forward pass says of a layer: each image's map reduced over space, channel by channel. */

/**
 * Arrays are `[N, C]`. NaN units are left out of maximum and minimum; where all units are NaN these are -Infinity and
 * Infinity.
 */
export interface ChannelSummary {
  readonly channels: number
  readonly max: Float32Array
  /** Of the maximum: flat, row-major, the first one on ties (as `np.argmax`). */
  readonly position: Uint32Array
  readonly min: Float32Array
  /** Units above 0. */
  readonly firing: Uint32Array
  /** 1 where a unit was NaN. */
  readonly nan: Uint8Array
}
