/** @file Pairs of numbers and margins as tfjs takes them. */
import type * as tf from '@tensorflow/tfjs'
import type { Margins, Padding } from '../../../core/model/network.ts'

type ExplicitPadding = tf.backend_util.ExplicitPadding

/** tfjs' types are not readonly. */
export const pairOf = ([a, b]: readonly [number, number]): [number, number] => [a, b]

export function explicit({ rows, columns }: Margins): ExplicitPadding {
  return [[0, 0], pairOf(rows), pairOf(columns), [0, 0]]
}

/**
 * tfjs' types of fused convolutions do not say that these take margins as well; in all backends they go through the same
 * `computeConv2DInfo` as those that do.
 */
export function padOf(padding: Padding): 'valid' | 'same' {
  return typeof padding === 'string' ? padding : (explicit(padding) as unknown as 'valid')
}
