/** @file The way back through products of matrices, as in attention. */
import { multipliedBack } from '../matMul.ts'
import { type Backwards, nothing } from './backward.ts'

export const products = {
  matMul: {
    reads: ({ constant }) => (constant ? nothing : { inputs: true }),
    back(gradient, { op, inputs, weights, shapes }, input) {
      const isFirst = op.constant ? op.constant.side === 'second' : input === 0
      const side = isFirst ? 'first' : 'second'
      return multipliedBack(op, gradient, { side, shape: shapes[input]!, inputs, weights })
    },
  },
} satisfies Backwards
