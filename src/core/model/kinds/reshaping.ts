/** @file Layers that keep the numbers and change the shape: Flatten and Reshape. */
import { elementCount, type Shape } from '../network.ts'
import { mapSize, unitsOf } from '../units.ts'
import { formatShape, type LayerKind } from './kind.ts'

export const flatten: LayerKind<'flatten'> = {
  kind: 'flatten',
  shape: (_, inputs) => [elementCount(inputs[0]!)],
  weights: () => [],
  reach: () => 'whole',
  pointless: 'the layer before it as one vector',
}

export const reshape: LayerKind<'reshape'> = {
  kind: 'reshape',
  shape(op, inputs) {
    const input = inputs[0]!
    const known = elementCount(op.target.filter((n) => n !== -1))
    const target = op.target.map((n) => (n === -1 ? elementCount(input) / known : n))
    if (elementCount(target) !== elementCount(input) || target.some((n) => !Number.isInteger(n)))
      throw new Error(`${formatShape(input)} cannot take the shape ${formatShape(op.target)}`)
    return target
  },
  weights: () => [],
  /** Units stay in place if rows and columns do. */
  reach: (_, { inputs, output }, interval) =>
    String(mapSize(inputs[0]!)) === String(mapSize(output)) && !areTokens(inputs[0]!) && !areTokens(output)
      ? interval
      : 'whole',
  pointless: 'the layer before it in another shape',
}

function areTokens(shape: Shape): boolean {
  return unitsOf(shape)?.kind === 'tokens'
}
