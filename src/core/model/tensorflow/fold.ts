/** @file Nodes that depend on no image are computed beforehand: constants of constants, and lengths of shapes. */
import { elementwise } from '../dataflow/constants.ts'
import { wholeLengths } from '../dataflow/lengths.ts'
import { foldConstants } from './foldConstants.ts'
import { foldLengths } from './foldLengths.ts'
import type { GraphNode } from './graphDef.ts'
import { constantValue, lengthsOf, type Value } from '../dataflow/values.ts'

/** Operations that give what they read, also if that depends on the image. */
export const unchanged: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'StopGradient',
  'Snapshot',
  'EnsureShape',
])

/** The value of a node that reads constants and lengths only; null if its operation is not computed. */
export function fold(node: GraphNode, inputs: readonly Value[]): Value | readonly Value[] | null {
  const [first] = inputs
  if (!first) return null
  if (node.op === 'Unpack' && first.kind === 'lengths')
    return first.lengths.map((length): Value => ({ kind: 'lengths', lengths: [length], scalar: true }))
  if (unchanged.has(node.op)) {
    // Fractions are cut off, as for a size that was computed in floats.
    if (!['DT_INT32', 'DT_INT64'].includes(node.attributes.type('DstT'))) return first
    return first.kind === 'constant'
      ? constantValue(elementwise(first.constant, Math.trunc))
      : wholeLengths(lengthsOf(first))
  }
  const lengths = foldLengths(node, inputs)
  if (lengths || !inputs.every((input) => input.kind === 'constant')) return lengths
  const constant = foldConstants(
    node,
    inputs.map((input) => input.constant),
  )
  return constant && constantValue(constant)
}
