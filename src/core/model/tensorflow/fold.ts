/** @file Nodes that depend on no image are computed beforehand: constants of constants, and lengths of shapes. */
import { foldConstants, wholeConstant } from './foldConstants.ts'
import { cutOff, foldLengths } from './foldLengths.ts'
import type { GraphNode } from './graphDef.ts'
import { lengthsOf, type Value } from '../dataflow/values.ts'

/** Operations that give what they read; of an image too. */
export const unchanged: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'StopGradient',
  'Snapshot',
  'EnsureShape',
])

/** The value of a node all of whose inputs are constants or lengths; null where it is none that is computed. */
export function fold(node: GraphNode, inputs: readonly Value[]): Value | readonly Value[] | null {
  const [first] = inputs
  if (!first) return null
  if (node.op === 'Unpack' && first.kind === 'lengths')
    return first.lengths.map((length): Value => ({ kind: 'lengths', lengths: [length], scalar: true }))
  if (unchanged.has(node.op)) {
    // Fractions are cut off, as for a size that was computed in floats.
    if (!['DT_INT32', 'DT_INT64'].includes(node.attributes.type('DstT'))) return first
    return first.kind === 'constant' ? wholeConstant(first.constant) : cutOff(lengthsOf(first))
  }
  return (
    foldLengths(node, inputs) ??
    (inputs.every((input) => input.kind === 'constant')
      ? foldConstants(
          node,
          inputs.map(({ constant }) => constant),
        )
      : null)
  )
}
