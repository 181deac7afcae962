/** @file TensorFlow's operations on lengths, with which networks compute shapes for Reshape and the like. */
import {
  combinedLengths,
  eachLength,
  joinedLengths,
  lengthsAt,
  lengthsInRange,
  productOfLengths,
} from '../dataflow/lengths.ts'
import { lengthsOf, numbersOf, type Value } from '../dataflow/values.ts'
import { binary, unary } from './foldConstants.ts'
import type { GraphNode } from './graphDef.ts'
import { sliceRanges } from './sliceRanges.ts'

/** Is null if the node is none of those that networks compute shapes with. */
export function foldLengths(node: GraphNode, inputs: readonly Value[]): Value | null {
  if (inputs.every(({ kind }) => kind === 'constant')) return null
  const [first, second] = inputs
  switch (node.op) {
    case 'Pack':
      return joinedLengths(inputs)
    case 'ConcatV2':
      return joinedLengths(inputs.slice(0, -1))
    case 'StridedSlice': {
      const { lengths } = lengthsOf(first)
      const [range] = sliceRanges(node, inputs, [lengths.length], null)
      return { kind: 'lengths', lengths: lengths.slice(range!.start, range!.end), scalar: range!.shrink }
    }
    case 'Gather':
    case 'GatherV2':
      return lengthsAt(first, second)
    case 'Range': {
      const [start, limit, step] = inputs.map((input) => numbersOf(input)[0]!) as [number, number, number]
      return lengthsInRange(start, limit, step)
    }
    case 'Prod':
      return productOfLengths(first)
    case 'Reshape':
      return { ...lengthsOf(first), scalar: lengthsOf(second).lengths.length === 0 }
    case 'ExpandDims':
      return joinedLengths([first!])
    case 'Squeeze':
      return { ...lengthsOf(first), scalar: lengthsOf(first).lengths.length === 1 }
    default: {
      const one = unary[node.op]
      if (one && first) return eachLength(first, one)
      const two = binary[node.op]
      return two && first && second ? combinedLengths(first, second, two) : null
    }
  }
}
