/** @file What an activation's values say about the preprocessing: whether its units can die, and where they saturate. */
import type { Activation } from '../../model/network.ts'

/** Whether a negative input gives exactly 0, so that a unit can die. */
export function isRelu(activation: Activation): boolean {
  if (activation.fn === 'general_relu') return activation.slope === 0
  return activation.fn === 'relu' || activation.fn === 'relu6'
}

export interface Bound {
  /** Is null if the lower bound means nothing: ReLU's 0. */
  readonly low: number | null
  readonly high: number
}

/** The values beyond which a unit hardly responds to its input any more. Softmax has none: a network may well be sure. */
export function boundOf(activation: Activation): Bound | null {
  switch (activation.fn) {
    case 'relu6':
      return { low: null, high: 6 }
    case 'general_relu':
      return activation.max === null ? null : { low: null, high: activation.max }
    case 'sigmoid':
    case 'hard_sigmoid':
    case 'hard_sigmoid_2':
      return { low: 0.001, high: 0.999 }
    case 'tanh':
    case 'hard_tanh':
      return { low: -0.999, high: 0.999 }
    default:
      return null
  }
}
