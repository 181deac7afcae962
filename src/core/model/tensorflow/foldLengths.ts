/** @file Lengths that networks compute of shapes, for Reshape and the like. The number of images stays open. */
import { binary, unary } from './foldConstants.ts'
import type { GraphNode } from './graphDef.ts'
import { sliceRanges } from './sliceRanges.ts'
import { type Length, lengthsOf, type LengthsValue, numbersOf, type Value } from '../dataflow/values.ts'

/** More numbers than any map has rows or columns. */
const mostInRange = 1 << 16

/** The lengths without their fractions. */
export function cutOff(value: LengthsValue): LengthsValue {
  const lengths = value.lengths.map((length) => (length === 'batch' ? length : Math.trunc(length)))
  return { ...value, lengths }
}

/** Is null if the node is none of those that networks compute shapes with. */
export function foldLengths(node: GraphNode, inputs: readonly Value[]): Value | null {
  if (inputs.every(({ kind }) => kind === 'constant')) return null
  const all = (from: readonly Value[]): Length[] => from.flatMap((input) => lengthsOf(input).lengths)
  const list = (items: readonly Length[]): LengthsValue => ({
    kind: 'lengths',
    lengths: items,
    scalar: false,
  })
  const [first, second] = inputs
  switch (node.op) {
    case 'Pack':
      return list(all(inputs))
    case 'ConcatV2':
      return list(all(inputs.slice(0, -1)))
    case 'StridedSlice': {
      const items = lengthsOf(first).lengths
      const [range] = sliceRanges(node, inputs, [items.length], null)
      return { kind: 'lengths', lengths: items.slice(range!.start, range!.end), scalar: range!.shrink }
    }
    case 'Gather':
    case 'GatherV2': {
      const items = lengthsOf(first).lengths
      return { ...lengthsOf(second), lengths: numbersOf(second).map((i) => items.at(i)!) }
    }
    case 'Range': {
      const [start, limit, step] = inputs.map((input) => numbersOf(input)[0]!) as [number, number, number]
      const count = Math.max(0, Math.ceil((limit - start) / step))
      if (!(count <= mostInRange)) throw new Error(`it counts ${count} numbers`)
      return list(Array.from({ length: count }, (_, i) => start + i * step))
    }
    case 'Prod':
      return { kind: 'lengths', lengths: [numbersOf(first).reduce((a, b) => a * b, 1)], scalar: true }
    case 'Reshape':
      return { ...lengthsOf(first), scalar: lengthsOf(second).lengths.length === 0 }
    case 'ExpandDims':
      return list(all([first!]))
    case 'Squeeze':
      return { ...lengthsOf(first), scalar: lengthsOf(first).lengths.length === 1 }
    default: {
      const one = unary[node.op]
      if (one && first) return { ...lengthsOf(first), lengths: numbersOf(first).map(one) }
      const two = binary[node.op]
      if (!two || !first || !second) return null
      const [a, b] = [numbersOf(first), numbersOf(second)]
      const items = Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
        two(a[a.length === 1 ? 0 : i]!, b[b.length === 1 ? 0 : i]!),
      )
      return { kind: 'lengths', lengths: items, scalar: lengthsOf(first).scalar && lengthsOf(second).scalar }
    }
  }
}
