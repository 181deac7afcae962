/** @file The way back through choices: to where each number was taken from. What decided gets nothing. */
import * as tf from '@tensorflow/tfjs'
import { operandsOf } from '../choice.ts'
import { summedTo } from './arithmetic.ts'
import type { Backwards } from './backward.ts'

export const choices = {
  where: {
    reads: () => ({ inputs: true }),
    back(gradient, { op, inputs, weights, shapes }, input) {
      const places = [...op.operands.keys()].filter((place) => op.operands[place] === 'input')
      const place = places[input]!
      if (place === 0) return null
      const [mask] = operandsOf(op, inputs, weights)
      const taken = (place === 1 ? tf.notEqual : tf.equal)(mask, 0)
      return summedTo(tf.mul(gradient, tf.cast(taken, 'float32')), shapes[input]!)
    },
  },
} satisfies Backwards
