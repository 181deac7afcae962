/** @file Transposed convolution: the gradient of a convolution with respect to its input. */
import type { OperationOf } from '../network.ts'
import { mapShape, type LayerKind } from './kind.ts'
import { marginsOf, paddingBefore, span } from './windows.ts'

/**
 * The length that margins are cut off from, longer at its end by the output padding; else as Keras infers it (backend_utils.compute_conv_transpose_output_shape): the length of the input of the convolution
 * that this one is the gradient of.
 */
export function transposedLength(op: OperationOf<'transposedConv'>, axis: 0 | 1, length: number): number {
  const stride = op.strides[axis]
  if (!(stride >= 1)) throw new Error(`its stride is ${stride}`)
  const window = span(op, axis)
  const extra = op.outputPadding?.[axis]
  const [before, after] = marginsOf(op, axis)
  if (typeof op.padding !== 'string')
    return atLeastOne((length - 1) * stride + window - before - after + (extra ?? 0))
  const result =
    op.padding === 'same'
      ? extra === undefined
        ? length * stride
        : (length - 1) * stride + (window % 2) + extra
      : (length - 1) * stride + (extra === undefined ? Math.max(window, stride) : window + extra)
  const back = Math.ceil((op.padding === 'same' ? result : result - window + 1) / stride)
  if (back !== length) throw new Error(`its output padding ${extra} does not fit its stride ${stride}`)
  return result
}

function atLeastOne(length: number): number {
  if (length < 1) throw new Error(`its margins leave a length of ${length}`)
  return length
}

export const transposedConv: LayerKind<'transposedConv'> = {
  kind: 'transposedConv',
  shape(op, inputs) {
    const [height, width] = mapShape(inputs)
    return [transposedLength(op, 0, height), transposedLength(op, 1, width), op.filters]
  },
  weights(op, input) {
    const kernel = { name: 'kernel', shape: [...op.kernel, op.filters, input[2]!] }
    return op.bias ? [kernel, { name: 'bias', shape: [op.filters] }] : [kernel]
  },
  /** Unit `o` depends on every input `i` with `i·stride − before ≤ o < i·stride − before + span`. */
  reach(op, { axis, output }, [first, end]) {
    const stride = op.strides[axis]
    const before = paddingBefore(op, axis, output[axis]!)
    const last = Math.floor((end - 1 + before) / stride)
    // If the stride is larger than the kernel, some units depend on nothing: they get the input before them.
    return [Math.min(Math.ceil((first + before - span(op, axis) + 1) / stride), last), last + 1]
  },
}
