/** @file Maps beside themselves, and one number for many places. */
import { mapSize, unitsOf } from '../units.ts'
import type { LayerKind } from './kind.ts'

export const tile: LayerKind<'tile'> = {
  kind: 'tile',
  shape: ({ repeats }, inputs) => inputs[0]!.map((length, axis) => length * repeats[axis]!),
  weights: () => [],
  reach({ repeats }, { axis, inputs, output }, interval) {
    if (unitsOf(output)?.kind !== 'map') return interval
    const lengths = mapSize(inputs[0]!)
    // One value for the whole map tells every unit the same.
    if (Math.max(...lengths) === 1 && Math.max(...mapSize(output)) > 1) return 'context'
    if (repeats[axis] === 1) return interval
    const length = lengths[axis]
    const turn = Math.floor(interval[0] / length)
    const isWithin = Math.floor((interval[1] - 1) / length) === turn
    return isWithin ? [interval[0] - turn * length, interval[1] - turn * length] : [0, length]
  },
}
