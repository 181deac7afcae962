/** What is computed of constants when a model is opened, against numbers that are known. */
import { describe, expect, it } from 'vitest'
import type { OnnxConstant } from '../../../../src/core/model/onnx/constants.ts'
import { onnxNetwork } from '../../../../src/core/model/onnx/onnxNetwork.ts'
import {
  type Attribute,
  floats,
  int,
  ints,
  node,
  type Numbers,
  onnxModel,
} from '../../../fixtures/onnxWriter.ts'

/** The constant that a node makes of others: as the one that a layer adds to the image. */
function folded(
  op: string,
  inputs: readonly Numbers[],
  attributes: Readonly<Record<string, Attribute>> = {},
  opset = 20,
): { shape: readonly number[]; values: number[] } {
  const constants = Object.fromEntries(inputs.map((numbers, i) => [`c${i}`, numbers]))
  const { constants: arrays, network } = onnxNetwork(
    onnxModel({
      nodes: [
        node(op, Object.keys(constants), 'folded', attributes),
        node('Cast', ['folded'], 'floats', { to: { int: 1 } }),
        // A number of each of the places keeps its shape in the layer.
        node('Add', ['image', 'floats'], 'y'),
      ],
      constants,
      opset,
      inputs: { image: [1, 1, 2, 3] },
    }),
    { inputSize: null },
  )
  const last = network.layers.at(-1)!
  if (last.op === null) throw new Error(last.problem)
  if (last.op.kind === 'withConstant' && typeof last.op.constant === 'number')
    return { shape: [], values: [last.op.constant] }
  const [array] = arrays.at(-1)! as readonly OnnxConstant[]
  return { shape: array!.shape, values: [...array!.floats()!] }
}

const grid = floats([2, 3], 1, 2, 3, 4, 5, 6)
const values = (...args: Parameters<typeof folded>): number[] => folded(...args).values

describe('moving', () => {
  it.each<readonly [string, readonly Numbers[], Readonly<Record<string, Attribute>>, number[]]>([
    ['Transpose', [floats([3, 2], 1, 2, 3, 4, 5, 6)], { perm: { ints: [1, 0] } }, [1, 3, 5, 2, 4, 6]],
    ['Gather', [floats([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9), ints(2, -3)], {}, [7, 8, 9, 1, 2, 3]],
    [
      'Slice',
      [floats([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9), ints(-1), ints(-99), ints(0), ints(-2)],
      {},
      [7, 8, 9, 1, 2, 3],
    ],
    [
      'Conv',
      [floats([1, 1, 2, 3], 1, 2, 3, 4, 5, 6), floats([1, 1, 1, 2], 1, 10), floats([1], 100)],
      { pads: { ints: [0, 0, 0, 1] } },
      [121, 132, 103, 154, 165, 106],
    ],
    [
      'Conv',
      [
        floats([1, 2, 4, 7], ...Array.from({ length: 56 }, (_, i) => i)),
        floats([1, 2, 2, 2], 1, 0, 0, 1, 0, 1, 1, 0),
      ],
      { strides: { ints: [1, 2] }, dilations: { ints: [2, 2] } },
      [88, 96, 104, 116, 124, 132],
    ],
    ['MatMul', [floats([1, 2, 2], 1, 2, 3, 4), floats([2, 3], 1, 0, 2, 0, 1, 1)], {}, [1, 2, 4, 3, 4, 10]],
    [
      'GatherND',
      [
        floats([2, 2, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
        { shape: [2, 2], values: [1, 0, -2, -1], type: 7 },
      ],
      {},
      [7, 8, 9, 4, 5, 6],
    ],
    ['Concat', [floats([1, 3], 1, 2, 3), floats([1, 3], 4, 5, 6)], { axis: { int: 0 } }, [1, 2, 3, 4, 5, 6]],
    ['Concat', [floats([2, 1], 1, 2), floats([2, 2], 3, 4, 5, 6)], { axis: { int: -1 } }, [1, 3, 4, 2, 5, 6]],
    ['Expand', [floats([2, 1], 1, 2), ints(2, 3)], {}, [1, 1, 1, 2, 2, 2]],
    ['Tile', [floats([1, 3], 1, 2, 3), ints(2, 1)], {}, [1, 2, 3, 1, 2, 3]],
    ['Reshape', [floats([6], 1, 2, 3, 4, 5, 6), ints(-1, 3)], {}, [1, 2, 3, 4, 5, 6]],
    ['Unsqueeze', [grid, ints(0, 1)], {}, [1, 2, 3, 4, 5, 6]],
    [
      'ScatterND',
      [grid, { shape: [1, 1], values: [1], type: 7 }, floats([1, 3], 7, 8, 9)],
      {},
      [1, 2, 3, 7, 8, 9],
    ],
    ['MatMul', [floats([2, 2], 1, 2, 3, 4), floats([2, 3], 1, 0, 1, 0, 1, 1)], {}, [1, 2, 3, 3, 4, 7]],
    ['CumSum', [grid, int(1)], {}, [1, 3, 6, 4, 9, 15]],
    ['ConstantOfShape', [ints(2, 3)], { value: { tensor: floats([1], 7) } }, [7, 7, 7, 7, 7, 7]],
    ['Range', [int(3), int(9), int(2)], {}, [3, 5, 7]],
  ])('%s', (op, inputs, attributes, expected) => {
    expect(values(op, inputs, attributes)).toEqual(expected)
  })

  it('Squeeze and Unsqueeze had their axes as attributes', () => {
    expect(values('Unsqueeze', [grid], { axes: { ints: [0] } }, 11)).toEqual([1, 2, 3, 4, 5, 6])
    expect(values('Squeeze', [floats([1, 2, 3], 1, 2, 3, 4, 5, 6)], { axes: { ints: [0] } }, 11)).toEqual([
      1, 2, 3, 4, 5, 6,
    ])
  })
})

describe('numbers', () => {
  it.each<readonly [string, readonly Numbers[], Readonly<Record<string, Attribute>>, number[]]>([
    ['Div', [ints(7, -7, 9), ints(2)], {}, [3, -3, 4]],
    ['Div', [floats([3], 7, -7, 9), floats([1], 2)], {}, [3.5, -3.5, 4.5]],
    ['Mod', [ints(7, -7, 9), ints(4)], {}, [3, 1, 1]],
    ['Mod', [floats([3], 7, -7, 9), floats([1], 4)], { fmod: { int: 1 } }, [3, -3, 1]],
    ['Where', [ints(1, 0, 1), ints(1, 2, 3), ints(9)], {}, [1, 9, 3]],
    ['Equal', [ints(1, 2, 3), ints(2)], {}, [0, 1, 0]],
    ['Pow', [floats([3], 1, 2, 3), floats([1], 2)], {}, [1, 4, 9]],
    ['Round', [floats([3], 0.5, 1.5, -2.5)], {}, [0, 2, -2]],
    ['Clip', [floats([3], -1, 0.5, 9), floats([], 0), floats([], 1)], {}, [0, 0.5, 1]],
    ['ReduceMean', [grid, ints(0)], { keepdims: { int: 0 } }, [2.5, 3.5, 4.5]],
    ['ReduceProd', [grid, ints(1)], {}, [6, 120]],
    ['ReduceMax', [grid, ints(0)], {}, [4, 5, 6]],
  ])('%s', (op, inputs, attributes, expected) => {
    expect(values(op, inputs, attributes)).toEqual(expected)
  })

  it('are exact where float32 is not', () => {
    // The products of lengths are larger than what a float32 counts.
    expect(values('Sub', [ints(2 ** 25 + 1), ints(2 ** 25)])).toEqual([1])
  })

  it('standardized weights have statistics of their own', () => {
    const weights = floats([1, 2, 3], 1, 2, 3, 0, 0, 6)
    const ones = floats([2], 1, 1)
    const zeros = floats([2], 0, 0)
    const { values: found } = folded('BatchNormalization', [weights, ones, zeros, zeros, ones], {
      training_mode: { int: 1 },
      epsilon: { float: 0 },
    })
    const root = Math.sqrt(1.5)
    const half = Math.SQRT1_2
    for (const [i, wanted] of [-root, 0, root, -half, -half, 2 * half].entries())
      expect(found[i]).toBeCloseTo(wanted, 5)
  })
})
