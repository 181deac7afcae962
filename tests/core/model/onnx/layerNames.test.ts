/** Names of layers, as both exporters of PyTorch, older ones and other programs leave traces of them. */
import { expect, it } from 'vitest'
import { layerNames } from '../../../../src/core/model/onnx/layerNames.ts'
import { foldedNote } from '../../../../src/core/model/onnx/modulePaths.ts'
import { graphNodes } from '../../../../src/core/model/onnx/graphNodes.ts'
import { type Node, node, onnxModel, weights } from '../../../fixtures/onnxWriter.ts'

function namesOf(nodes: readonly Node[], taken: readonly string[] = []): string[] {
  const w = weights(3, 3, 1, 1)
  const constants = { w, 'conv1.weight': w, 'layer1.0.conv2.weight': w, 'onnx::Conv_9': w }
  const all = graphNodes(onnxModel({ nodes, constants }))
  const names = layerNames(all, new Set(taken), new Set(['image']))
  return all.map((one) => names.get(one)!)
}

const named = (op: string, inputs: readonly string[], output: string, name: string): Node =>
  node(op, inputs, output, {}, { name })

it('TorchScript: the path lies in the name of the node; weights that are folded have no name', () => {
  expect(
    namesOf([
      named('Conv', ['image', 'onnx::Conv_9'], 'a', '/conv1/Conv'),
      named('Relu', ['a'], 'b', '/layer1/layer1.0/relu/Relu'),
      named('Conv', ['b', 'layer1.0.conv2.weight'], 'c', '/layer1/layer1.0/conv2/Conv'),
      named('Add', ['c', 'a'], 'd', '/layer1/layer1.0/Add'),
      named('Relu', ['d'], 'e', '/layer1/layer1.0/relu_1/Relu'),
      named('Flatten', ['e'], 'f', '/Flatten'),
    ]),
  ).toEqual(['conv1', 'layer1.0.relu', 'layer1.0.conv2', 'layer1.0.add', 'layer1.0.relu_1', 'flatten'])
})

it('torch.export: the path lies in the metadata', () => {
  const scoped = (op: string, inputs: readonly string[], output: string, ...scopes: string[]): Node =>
    node(op, inputs, output, {}, { name: `node_${output}`, scopes: ['', ...scopes] })
  expect(
    namesOf([
      // The metadata of a convolution with a folded normalization names that.
      scoped('Conv', ['image', 'conv1.weight'], 'getitem', 'bn1', '_native_batch_norm'),
      scoped('Relu', ['getitem'], 'relu', 'layer1', 'layer1.0', 'layer1.0.relu', 'relu'),
      scoped(
        'Conv',
        ['relu', 'layer1.0.conv2.weight'],
        'c',
        'layer1',
        'layer1.0',
        'layer1.0.conv2',
        'conv2d',
      ),
      scoped('Add', ['c', 'relu'], 'add_7', 'layer1', 'layer1.0', 'add_7'),
      scoped('Relu', ['add_7'], 'relu_1', 'layer1', 'layer1.0', 'layer1.0.relu', 'relu_1'),
      scoped('Reshape', ['relu_1', 'w'], 'view', 'view'),
    ]),
  ).toEqual(['conv1', 'layer1.0.relu', 'layer1.0.conv2', 'layer1.0.add', 'layer1.0.relu_1', 'reshape'])
})

it('a module of several nodes is called by its path where it ends', () => {
  expect(
    namesOf([
      named('Sigmoid', ['image'], 'a', '/act/Sigmoid'),
      named('Mul', ['image', 'a'], 'b', '/act/Mul'),
      named('Sigmoid', ['b'], 'c', '/act_1/Sigmoid'),
      named('Mul', ['b', 'c'], 'd', '/act_1/Mul'),
    ]),
  ).toEqual(['act.sigmoid', 'act', 'act_1.sigmoid', 'act_1'])
})

it('a module of steps beside each other is one', () => {
  expect(
    namesOf([
      named('Softplus', ['image'], 'a', '/act/Softplus'),
      named('Greater', ['image', 'w'], 'b', '/act/Greater'),
      named('Where', ['b', 'image', 'a'], 'c', '/act/Where'),
    ]),
  ).toEqual(['act.softplus', 'act.greater', 'act'])
})

it('a module does not end in what computes its constants, and goes on behind a choice by shapes', () => {
  const same = { graph: { nodes: [], outputs: ['b'] } }
  expect(
    namesOf([
      named('Mul', ['image', 'image'], 'a', '/norm/Mul'),
      named('Concat', ['w'], 'pads', '/norm/Concat'),
      named('Pad', ['a', 'pads'], 'b', '/norm/Pad'),
      named('Shape', ['b'], 's', '/norm/Shape'),
      named('Equal', ['s', 's'], 'one', '/norm/Equal'),
      node('If', ['one'], 'c', { then_branch: same, else_branch: same }, { name: '/norm/If' }),
      named('Div', ['image', 'c'], 'd', '/norm/Div'),
    ]).filter((_, i) => [1, 2, 6].includes(i)),
  ).toEqual(['norm.cat', 'norm.pad', 'norm'])
})

it('other programs: their own names, and the tensor’s or the operator’s where there is none', () => {
  expect(
    namesOf([
      named('Conv', ['image', 'w'], '11', ''),
      named('Relu', ['11'], '12', ''),
      named('Relu', ['12'], 'block_out', ''),
      named('Tanh', ['block_out'], 't', 'model/tanh/Tanh'),
      named('Tanh', ['t'], 'u', 'same'),
      named('Tanh', ['u'], 'v', 'same'),
    ]),
  ).toEqual(['Conv', 'Relu', 'block_out', 'model/tanh/Tanh', 'u', 'v'])
})

it('no two are the same, and none is that of the image', () => {
  const nodes = [
    named('Relu', ['image'], '1', 'x'),
    named('Relu', ['1'], '2', ''),
    named('Relu', ['2'], '3', ''),
  ]
  expect(namesOf(nodes, ['x', 'Relu_1'])).toEqual(['x_1', 'Relu', 'Relu_2'])
})

it('what an exporter has folded into a convolution is told', () => {
  const w = weights(3, 3, 1, 1)
  const notes = (nodes: readonly Node[]) =>
    graphNodes(onnxModel({ nodes, constants: { 'layer1.0.conv1.weight': w, 'onnx::Conv_9': w } })).map(
      foldedNote,
    )
  const scoped = (...scopes: string[]): Node =>
    node('Conv', ['image', 'layer1.0.conv1.weight'], 'a', {}, { name: 'node_a', scopes: ['', ...scopes] })
  expect(notes([scoped('layer1', 'layer1.0', 'layer1.0.bn1', 'batch_norm')])).toEqual([
    'conv1 + bn1, folded by the exporter.',
  ])
  expect(notes([scoped('layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d')])).toEqual([null])
  expect(notes([named('Conv', ['image', 'onnx::Conv_9'], 'a', '/conv1/Conv')])).toEqual([
    'With the batch normalization behind it, folded by the exporter.',
  ])
  expect(notes([named('Conv', ['image', 'layer1.0.conv1.weight'], 'a', '/layer1/Conv')])).toEqual([null])
  expect(notes([named('Relu', ['image'], 'a', '/relu/Relu')])).toEqual([null])
})
