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
  'RMSNormalization',
])

/** The path, empty for the network itself; null if the file does not tell. */
export function modulePath(node: OnnxNode): string | null {
  return (
    pathOfWeight(node) ?? pathOfScopes(node) ?? (node.name.startsWith('/') ? pathOfName(node.name) : null)
  )
}

/** Weights that the exporter has computed itself, as by folding, are called `onnx::Conv_12`. */
const computedWeight = /^onnx::(Conv|ConvTranspose|Gemm)_\d+$/

/** What the exporter has folded into a convolution or the like, as a sentence; null if the file tells of nothing. */
export function foldedNote(node: OnnxNode): string | null {
  const [own, named] = [pathOfWeight(node), pathOfScopes(node)]
  // The metadata is that of the last module in it.
  if (own !== null && named && own !== named && foldedInto.has(node.op)) {
    // Within a Sequential modules are numbers, which say nothing by themselves.
    const parent = /(^|\.)\d+$/.test(own) ? '' : own.slice(0, own.lastIndexOf('.') + 1)
    const name = named.startsWith(parent) ? named.slice(parent.length) : named
    return `${own.slice(parent.length)} + ${name}, folded by the exporter.`
  }
  if (node.scopes !== null || !computedWeight.test(node.inputs[1] ?? '')) return null
  return 'With the batch normalization behind it, folded by the exporter.'
}

const foldedInto = new Set(['Conv', 'ConvTranspose', 'Gemm'])

function pathOfWeight({ op, inputs }: OnnxNode): string | null {
  const [, weight = ''] = inputs
  const isOwn = withWeight.has(op) && weight.endsWith('.weight') && !weight.startsWith('onnx::')
  return isOwn ? weight.slice(0, -'.weight'.length) : null
}

function pathOfScopes({ scopes }: OnnxNode): string | null {
  return scopes === null ? null : (textsOf(scopes).at(-2) ?? '')
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
