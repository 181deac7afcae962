/** @file The way of an ur-patch as the page draws it: steps with what is seen of each map, runs of the same put together. */
import type { Network, Pair, Shape, SupportedLayer } from '../../core/model/network.ts'
import { mapSize } from '../../core/model/units.ts'
import type { TraceStep } from '../../core/model/trace.ts'

/** Half open, in units of the layer's own map; may hang over its edge. */
export interface Region {
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  /** By definition all of the map. */
  readonly whole: boolean
}

export interface TraceGroup {
  /** Indices into the network's layers, of one region and one map. */
  readonly layers: readonly number[]
  /** Of its first layer, which is the one that changed the region. */
  readonly shape: Shape
  readonly map: Pair
  readonly region: Region
  /** Branches that meet in its first layer, of those on the way; 1 where none do. */
  readonly joins: number
}

/** Neighbours that see the same part of maps of the same size are one group, unless `all` are wanted. */
export function traceGroups(network: Network, steps: readonly TraceStep[], all: boolean): TraceGroup[] {
  const onWay = new Set(steps.map(({ layer }) => layer))
  const groups: TraceGroup[] = []
  for (const step of steps) {
    const layer = network.layers[step.layer] as SupportedLayer
    const map = mapSize(layer.shape)
    const region = regionOf(step, map)
    const before = groups.at(-1)
    if (!all && before && String(before.map) === String(map) && sameRegion(before.region, region))
      groups[groups.length - 1] = { ...before, layers: [...before.layers, step.layer] }
    else {
      const joins = Math.max(1, layer.inputs.filter((input) => onWay.has(input)).length)
      groups.push({ layers: [step.layer], shape: layer.shape, map, region, joins })
    }
  }
  return groups
}

function regionOf({ rows, columns }: TraceStep, [height, width]: Pair): Region {
  return {
    rows: rows === 'whole' ? [0, height] : rows,
    columns: columns === 'whole' ? [0, width] : columns,
    whole: rows === 'whole' || columns === 'whole',
  }
}

function sameRegion(a: Region, b: Region): boolean {
  return String(a.rows) === String(b.rows) && String(a.columns) === String(b.columns) && a.whole === b.whole
}

/** Rows, columns. */
export function regionSize({ rows, columns }: Region): Pair {
  return [rows[1] - rows[0], columns[1] - columns[0]]
}
