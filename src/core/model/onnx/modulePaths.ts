/**
 * @file Names that people recognise: the path of the PyTorch module that a node belongs to, as `layer1.0.conv1`. Both exporters
 * of PyTorch leave traces of it, in names of weights, in metadata, or in names of nodes.
 */
import type { OnnxNode } from './modelProto.ts'

/** Operators whose second input is a module's own weight. */
const withWeight = new Set([
  'Conv',
  'ConvTranspose',
  'Gemm',
  'PRelu',
  'BatchNormalization',
  'InstanceNormalization',
  'LayerNormalization',
  'GroupNormalization',
])

/** The path, empty for the network itself; null if the file does not tell. */
export function modulePath(node: OnnxNode): string | null {
  const [, weight = ''] = node.inputs
  if (withWeight.has(node.op) && weight.endsWith('.weight') && !weight.startsWith('onnx::'))
    return weight.slice(0, -'.weight'.length)
  if (node.scopes !== null) return textsOf(node.scopes).at(-2) ?? ''
  return node.name.startsWith('/') ? pathOfName(node.name) : null
}

/** `/features/features.1/conv/conv.0/Conv` is of the module `features.1.conv.0`: a part repeats the one before it if it is within it. */
function pathOfName(name: string): string {
  const parts: string[] = []
  for (const part of name.split('/').slice(1, -1)) {
    const last = parts.at(-1)
    if (last !== undefined && part.startsWith(`${last}.`)) parts.pop()
    parts.push(part)
  }
  return parts.join('.')
}

/** The texts of a list as Python writes it: `['', 'layer1', "it's"]`. */
function textsOf(list: string): readonly string[] {
  return [...list.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map(([, single, double]) =>
    (single ?? double ?? '').replace(/\\(.)/g, '$1'),
  )
}
