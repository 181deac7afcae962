/**
 * @file Names that people recognise. A graph's nodes carry the converter's scopes and the operation:
 * `StatefulPartitionedCall/model_1/conv2d_3/Conv2D` is called `conv2d_3`. If two nodes would share a name
 * (`conv2d_3/BiasAdd` beside it) each keeps what tells them apart.
 */

/** Scopes around the whole network, which tell nothing about a layer. */
const scopes = /^((Stateful)?PartitionedCall\/)*((model|functional|sequential)(_\d+)?\/)?/

/** Last parts of a name that only repeat what the layer does. */
const operation =
  /\/(Conv2D|convolution|depthwise|DepthwiseConv2dNative|conv2d_transpose|BiasAdd|MatMul|Relu6?|LeakyRelu|Elu|Selu|Sigmoid|Tanh|Softmax|Softplus|MaxPool(2d)?|AvgPool(2d)?|Mean|Max|Reshape|FusedBatchNorm(V[23])?|batchnorm\/add_1|resize\/Resize\w+|Pad|PadV2|MirrorPad|concat|add|mul|sub)(_\d+)?$/i

function shortened(node: string): string[] {
  const scoped = node.replace(scopes, '').replace('/separable_conv2d/depthwise', '/separable_depthwise')
  return [scoped.replace(operation, ''), scoped, node]
}

/** One name a node, all different; the nodes' own names have to differ. */
export function readableNames(nodes: readonly string[]): readonly string[] {
  const candidates = nodes.map(shortened)
  const claims = new Map<string, number>()
  for (const own of candidates) for (const name of new Set(own)) claims.set(name, (claims.get(name) ?? 0) + 1)
  return candidates.map((own, i) => own.find((name) => name !== '' && claims.get(name) === 1) ?? nodes[i]!)
}
