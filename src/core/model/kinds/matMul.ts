/** @file Products of matrices that are parts of maps: queries and keys, weights and values of attention. */
import { elementCount, type Factor, type MatMul, type Shape } from '../network.ts'
import { formatShape, type LayerKind } from './kind.ts'
import { keptReach } from './reshaping.ts'

export const matMul: LayerKind<'matMul'> = {
  kind: 'matMul',
  shape(op, inputs) {
    const { first, second, constant } = op
    const given = constant === null ? inputs : [inputs[0]!, constant.shape]
    const [a, b] = constant?.side === 'first' ? given.toReversed() : given
    checkParts(first, a)
    checkParts(second, b)
    const [left, right] = [matricesOf(first), matricesOf(second)]
    const sameBatch = left.batch === right.batch || left.batch === 1 || right.batch === 1
    if (left.inner !== right.inner || !sameBatch)
      throw new Error(
        `it multiplies ${formatShape(Object.values(left))} with ${formatShape(Object.values(right))}`,
      )
    if (elementCount(resultParts(op)) !== elementCount(op.target))
      throw new Error(`its product does not have the shape ${formatShape(op.target)}`)
    return op.target
  },
  weights: ({ constant }) => (constant ? [{ name: 'kernel', shape: constant.shape }] : []),
  /** Attention mixes all places. A constant mixes those that it sums over. */
  reach(op, edge, interval) {
    const { constant, order } = op
    if (constant === null) return 'whole'
    const factor = constant.side === 'first' ? op.second : op.first
    const split = resultParts(op)
    return keptReach(
      edge,
      interval,
      factor.split,
      order.map((part) => split[part]!),
      sources(op, factor),
    )
  },
}

function checkParts({ split }: Factor, shape: Shape | undefined): void {
  if (!shape) throw new Error('it has one input only')
  if (elementCount(split) !== elementCount(shape))
    throw new Error(`${formatShape(shape)} does not fall into ${formatShape(split)}`)
}

/** How many matrices, and their sides. */
export function matricesOf({
  split,
  batch,
  outer,
  inner,
}: Factor): Readonly<Record<keyof Omit<Factor, 'split'>, number>> {
  const count = (parts: readonly number[]): number => elementCount(parts.map((part) => split[part]!))
  return { batch: count(batch), outer: count(outer), inner: count(inner) }
}

/** The lengths of the parts of the product: those of the batch, the rows, the columns. */
export function resultParts({ first, second }: MatMul): Shape {
  const batch = batchFactor(first, second)
  const lengths = ({ split }: Factor, parts: readonly number[]): Shape => parts.map((part) => split[part]!)
  return [...lengths(batch, batch.batch), ...lengths(first, first.outer), ...lengths(second, second.outer)]
}

/** The operand that says into which parts the batch falls: one of them may be the same for all. */
export function batchFactor(first: Factor, second: Factor): Factor {
  return matricesOf(first).batch === 1 ? second : first
}

/** For each part of the result, in the order of memory, the operand's part that it is; -1 if it is the other's. */
function sources({ first, second, order }: MatMul, factor: Factor): readonly number[] {
  const batch = batchFactor(first, second)
  const nothing = (parts: readonly number[]): readonly number[] => parts.map(() => -1)
  const all = [
    ...(factor === batch ? batch.batch : nothing(batch.batch)),
    ...(factor === first ? first.outer : nothing(first.outer)),
    ...(factor === second ? second.outer : nothing(second.outer)),
  ]
  return order.map((part) => all[part]!)
}
