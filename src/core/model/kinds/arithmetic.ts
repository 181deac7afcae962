/** @file Elementwise arithmetic of several maps, or of a map and a constant. */
import type { Choice, Shape } from '../network.ts'
import { type Edge, formatShape, type Interval, type LayerKind, type Reach, samePlace } from './kind.ts'
import { isMap, mapSize } from '../units.ts'

export const merge: LayerKind<'merge'> = {
  kind: 'merge',
  shape: (op, inputs) => {
    if (inputs.length < 2) throw new Error('it has one input only')
    if ((op.fn === 'subtract' || op.fn === 'divide') && inputs.length !== 2)
      throw new Error(`it has ${inputs.length} inputs, not 2`)
    return broadcast(inputs)
  },
  weights: () => [],
  reach: broadcastReach,
}

/** Shapes are matched from the last axis, as in NumPy; a vector is one value a channel. */
function broadcast(inputs: readonly Shape[]): Shape {
  const rank = Math.max(...inputs.map(({ length }) => length))
  const full = inputs.map((shape) => [...Array<number>(rank - shape.length).fill(1), ...shape])
  return Array.from({ length: rank }, (_, axis) => {
    const extents = new Set(full.map((shape) => shape[axis]!))
    extents.delete(1)
    if (extents.size > 1) throw new Error(`it joins ${inputs.map(formatShape).join(' and ')}, which differ`)
    return [...extents][0] ?? 1
  })
}

/** An input with one value for the whole map tells every unit the same. */
function broadcastReach(_: unknown, { axis, input, inputs, output }: Edge, interval: Interval): Reach {
  if (!isMap(output)) return interval
  const lengths = mapSize(inputs[input]!)
  if (Math.max(...lengths) === 1 && Math.max(...mapSize(output)) > 1) return 'context'
  return lengths[axis] === 1 && output[axis] > 1 ? [0, 1] : interval
}

export const addScaled: LayerKind<'addScaled'> = {
  kind: 'addScaled',
  shape(_, inputs) {
    if (inputs.length !== 2) throw new Error(`it has ${inputs.length} inputs, not 2`)
    return broadcast(inputs)
  },
  weights: () => [],
  reach: broadcastReach,
}

export const withConstant: LayerKind<'withConstant'> = {
  kind: 'withConstant',
  shape(op, inputs) {
    const input = inputs[0]!
    const result = typeof op.constant === 'number' ? input : broadcast([input, op.constant.shape])
    if (formatShape(result) !== formatShape(input))
      throw new Error(`its constant widens ${formatShape(input)} to ${formatShape(result)}`)
    return input
  },
  weights({ fn, constant }) {
    if (typeof constant === 'number') return []
    const { shape } = constant
    return fn === 'add'
      ? [{ name: 'constant', shape, infinite: true }]
      : [{ name: fn === 'multiply' ? 'gamma' : 'constant', shape }]
  },
  reach: samePlace,
}

export const where: LayerKind<'where'> = {
  kind: 'where',
  shape({ operands }, inputs) {
    const given = operands.filter((operand) => operand === 'input').length
    if (given !== inputs.length) throw new Error(`it has ${inputs.length} inputs, not ${given}`)
    const result = broadcast(inputs)
    const all = broadcast([...inputs, ...arraysOf(operands)])
    if (formatShape(all) !== formatShape(result))
      throw new Error(`its constants widen ${formatShape(result)} to ${formatShape(all)}`)
    return result
  },
  weights: ({ operands }) => arraysOf(operands).map((shape) => ({ name: 'constant', shape, infinite: true })),
  reach: broadcastReach,
}

function arraysOf(operands: readonly Choice[]): readonly Shape[] {
  return operands.flatMap((operand) => (typeof operand === 'object' ? [operand.shape] : []))
}
