/** Functions of the file, the order of nodes, and files that do not hold together. */
import { describe, expect, it } from 'vitest'
import { graphNodes } from '../../../../src/core/model/onnx/graphNodes.ts'
import { BrokenFile } from '../../../../src/core/model/onnx/wire.ts'
import { type Model, node, onnxModel, weights } from '../../../fixtures/onnxWriter.ts'

function nodesOf(
  model: Model,
): readonly { op: string; inputs: readonly string[]; outputs: readonly string[] }[] {
  return graphNodes(onnxModel(model))
}

const block = {
  name: 'Block',
  domain: 'net',
  inputs: ['x', 'w'],
  outputs: ['y'],
  opset: 17,
  nodes: [
    node('Conv', ['x', 'w'], 'inner', {
      group: { ref: 'groups', type: 2 },
      strides: { ref: 'steps', type: 7 },
    }),
    node('LeakyRelu', ['inner'], 'y', { alpha: { ref: 'slope', type: 1 } }),
  ],
  defaults: { slope: { float: 0.25 } },
}

describe('a function of the file', () => {
  const model: Model = {
    nodes: [
      node('Block', ['image', 'w'], 'a', { groups: { int: 3 } }, { domain: 'net', name: 'first' }),
      node('Block', ['a', 'w'], 'b', { groups: { int: 1 }, slope: { float: 0.5 } }, { domain: 'net' }),
    ],
    constants: { w: weights(3, 1, 3, 3) },
    functions: [block],
    opsets: { net: 1 },
  }

  it('is replaced by its nodes, with tensors of their own at each call', () => {
    expect(nodesOf(model).map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([
      ['Conv', ['image', 'w'], ['inner__1']],
      ['LeakyRelu', ['inner__1'], ['a']],
      ['Conv', ['a', 'w'], ['inner__2']],
      ['LeakyRelu', ['inner__2'], ['b']],
    ])
  })

  it('takes attributes from the call, else its own; one that nobody gives is left out', () => {
    const attributes = graphNodes(onnxModel(model)).map((one) =>
      Object.fromEntries([...one.attributes].map(([key, { value }]) => [key, value])),
    )
    expect(attributes).toEqual([{ group: 3 }, { alpha: 0.25 }, { group: 1 }, { alpha: 0.5 }])
  })

  it('has operators of the version that it says', () => {
    expect(graphNodes(onnxModel(model)).map(({ version }) => version)).toEqual([17, 17, 17, 17])
  })

  it('may call others, but not itself', () => {
    const outer = { ...block, name: 'Outer', nodes: [node('Block', ['x', 'w'], 'y', {}, { domain: 'net' })] }
    const call = node('Outer', ['image', 'w'], 'a', {}, { domain: 'net' })
    const within = { ...model, nodes: [call], functions: [block, outer] }
    expect(nodesOf(within).map(({ op }) => op)).toEqual(['Conv', 'LeakyRelu'])
    const endless = { ...outer, name: 'Block' }
    expect(() => nodesOf({ ...model, functions: [endless] })).toThrow(/without end/)
  })
})

it('nodes come after those that they read, whatever the order of the file', () => {
  const nodes = [node('Relu', ['b'], 'c'), node('Tanh', ['a'], 'b'), node('Sigmoid', ['image'], 'a')]
  expect(nodesOf({ nodes }).map(({ outputs }) => outputs[0])).toEqual(['a', 'b', 'c'])
})

it('a long chain is no problem', () => {
  const nodes = Array.from({ length: 5000 }, (_, i) =>
    node('Relu', [i === 0 ? 'image' : `t${i}`], `t${i + 1}`),
  )
  expect(nodesOf({ nodes: nodes.toReversed() })).toHaveLength(5000)
})

it('branches read tensors of the graph around them', () => {
  const branch = { graph: { nodes: [node('Relu', ['late'], 'inner')], outputs: ['inner'], inputs: {} } }
  const nodes = [
    node('If', ['is'], 'c', { then_branch: branch, else_branch: branch }),
    node('Tanh', ['image'], 'late'),
    node('Greater', ['late', 'image'], 'is'),
  ]
  expect(nodesOf({ nodes }).map(({ op }) => op)).toEqual(['Tanh', 'Greater', 'If'])
})

describe('does not hold together', () => {
  it.each([
    [
      'a tensor that is not there',
      [node('Relu', ['lost'], 'a', {}, { name: 'act' })],
      'its node "act" (Relu) reads "lost", which is not in the file',
    ],
    [
      'two nodes of one tensor',
      [node('Relu', ['image'], 'a'), node('Tanh', ['image'], 'a')],
      'two of its nodes make "a"',
    ],
    ['a node that makes the image', [node('Relu', ['image'], 'image')], 'two of its nodes make "image"'],
    ['a circle', [node('Relu', ['b'], 'a'), node('Tanh', ['a'], 'b')], 'waits for itself'],
  ])('%s', (_, nodes, problem) => {
    expect(() => nodesOf({ nodes })).toThrow(problem)
    expect(() => nodesOf({ nodes })).toThrow(BrokenFile)
  })
})
