/** @file What can be looked at of tokens: those of patches, as the map that they are, and single ones. */
import { formatShape, type LayerKind, samePlace } from './kind.ts'

export const patches: LayerKind<'patches'> = {
  kind: 'patches',
  shape({ first, grid }, inputs) {
    const [count, channels] = inputs[0]!
    if (inputs[0]!.length !== 2 || first + grid[0] * grid[1] > count!)
      throw new Error(`${formatShape(inputs[0]!)} has no ${grid.join('×')} tokens from ${first} on`)
    return [...grid, channels!]
  },
  weights: () => [],
  reach: samePlace,
}

export const token: LayerKind<'token'> = {
  kind: 'token',
  shape({ index }, inputs) {
    const [count, channels] = inputs[0]!
    if (inputs[0]!.length !== 2 || index >= count!)
      throw new Error(`${formatShape(inputs[0]!)} has no token ${index}`)
    return [channels!]
  },
  weights: () => [],
  reach: () => 'whole',
}
