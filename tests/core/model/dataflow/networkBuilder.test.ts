import { expect, it } from 'vitest'
import { appError } from '../../../../src/core/errors.ts'
import { type BuilderNode, NetworkBuilder } from '../../../../src/core/model/dataflow/networkBuilder.ts'
import {
  constantValue,
  type GraphConstant,
  type TensorValue,
  type Value,
} from '../../../../src/core/model/dataflow/values.ts'

function node(name: string, op: string, ...inputs: readonly string[]): BuilderNode {
  return { name, op, inputs: inputs.map((input) => ({ node: input, output: 0 })) }
}

function constant(name: string, shape: readonly number[]): GraphConstant {
  return { name, shape, type: 'float32', floats: () => null }
}

/** A builder that holds an image of 6 rows, 8 columns and 3 channels as "image". */
function started(): NetworkBuilder {
  const builder = new NetworkBuilder()
  builder.add(node('image', 'Input'), () => [builder.image([6, 8, 3])], false)
  return builder
}

const relu = { kind: 'activation', activation: { fn: 'relu' } } as const

/** Adds a ReLU of what the node reads. */
function addRelu(builder: NetworkBuilder, name: string, input: string): void {
  builder.add(node(name, 'Relu', input), ([value]) => [builder.layer(relu, [value as TensorValue])], false)
}

const problems = ({ layers }: NetworkBuilder): unknown =>
  layers.map((layer) => [layer.name, layer.op === null ? layer.problem : null])

it('a layer has its shape, its inputs and its weights in the shape of the kind', () => {
  const builder = started()
  const dense = { kind: 'dense', units: 4, bias: true, activation: { fn: 'linear' } } as const
  const [kernel, bias] = [constant('kernel', [1, 1, 3, 4]), constant('bias', [4])]
  builder.add(
    node('dense', 'MatMul', 'image'),
    ([image]) => [builder.layer(dense, [image as TensorValue], [kernel, bias], { note: 'It is folded.' })],
    false,
  )
  expect(builder.layers[1]).toEqual({
    name: 'dense',
    className: 'MatMul',
    inputs: [0],
    op: dense,
    shape: [6, 8, 4],
    weights: [
      { name: 'kernel', shape: [3, 4] },
      { name: 'bias', shape: [4] },
    ],
    note: 'It is folded.',
  })
  expect(builder.constants[1]!.map(({ name, shape }) => [name, shape])).toEqual([
    ['kernel', [3, 4]],
    ['bias', [4]],
  ])
})

it('weights that are missing or of another shape are refused', () => {
  const builder = started()
  const dense = { kind: 'dense', units: 4, bias: false, activation: { fn: 'linear' } } as const
  const add = (name: string, weights: readonly GraphConstant[]): void =>
    builder.add(
      node(name, 'MatMul', 'image'),
      ([image]) => [builder.layer(dense, [image as TensorValue], weights)],
      false,
    )
  add('missing', [])
  add('turned', [constant('kernel', [4, 3])])
  expect(problems(builder)).toEqual([
    ['image', null],
    ['missing', 'node "missing" (MatMul): its kernel is missing'],
    ['turned', 'node "turned" (MatMul): its kernel should have shape [3, 4] and has [4, 3]'],
  ])
})

it("the graph's shape is kept beside the network's, and made where a layer needs it", () => {
  const builder = started()
  builder.add(
    node('flat', 'Flat', 'image'),
    ([image]) => {
      const flat = { ...(image as TensorValue), shape: [48, 3] }
      expect(builder.inNetworksShape(flat)).toEqual(image)
      return [flat]
    },
    false,
  )
  addRelu(builder, 'relu', 'flat')
  expect(builder.layers.slice(1).map(({ op, inputs }) => [op?.kind, inputs])).toEqual([
    ['reshape', [0]],
    ['activation', [1]],
  ])
  expect(builder.origins.slice(1)).toEqual([
    { node: 'relu', part: 'input' },
    { node: 'relu', part: null },
  ])
})

it('a node that throws leaves none of its layers, and one that says why', () => {
  const builder = started()
  const failing = (name: string, error: Error): void =>
    builder.add(
      node(name, 'Odd', 'image'),
      ([image]) => {
        builder.layer(relu, [image as TensorValue], [], { part: 'first step' })
        throw error
      },
      false,
    )
  failing('odd', new Error('it does not fit'))
  failing('option', appError('model/no-file'))
  expect(builder.layers).toHaveLength(3)
  expect(builder.origins).toHaveLength(3)
  expect(builder.constants).toHaveLength(3)
  expect(problems(builder)).toEqual([
    ['image', null],
    ['odd', 'node "odd" (Odd): it does not fit'],
    ['option', appError('model/no-file').message],
  ])
})

it('what reads a node that is not computed is not computed, and names the first', () => {
  const builder = started()
  builder.add(node('odd', 'Odd', 'image'), () => null, false)
  // Stands for what it reads.
  builder.add(
    node('same', 'Same', 'odd'),
    () => {
      throw new Error('it is not to be computed')
    },
    true,
  )
  addRelu(builder, 'second', 'same')
  addRelu(builder, 'third', 'second')
  addRelu(builder, 'beside', 'image')
  const unknown = 'layer "odd" is of type Odd, which Urpatch does not support'
  expect(problems(builder)).toEqual([
    ['image', null],
    ['odd', unknown],
    ['second', `comes after ${unknown}`],
    ['third', `comes after ${unknown}`],
    ['beside', null],
  ])
  expect(builder.layers.map(({ inputs }) => inputs)).toEqual([[], [0], [1], [2], [0]])
})

it('a refused node keeps the constants that it reads', () => {
  const builder = started()
  const kernel = constant('kernel', [2])
  builder.add(node('kernel', 'Constant'), (): Value[] => [constantValue(kernel)], false)
  builder.refuse(node('loop', 'Loop', 'image', 'kernel'), 'is part of a loop')
  expect(builder.constants[1]).toEqual([kernel])
  expect(builder.layers[1]).toMatchObject({ op: null, inputs: [0], problem: 'is part of a loop' })
})

it('a node that reads an output that is not there says so', () => {
  const builder = started()
  builder.add({ ...node('late', 'Relu'), inputs: [{ node: 'image', output: 1 }] }, () => [], false)
  expect(problems(builder)).toEqual([
    ['image', null],
    ['late', 'node "late" (Relu): it reads output 1 of a node that gives no such output'],
  ])
})
