/** @file The trace of an ur-patch as the page draws it: steps that see the same region of equal maps are one group. */
import type { Network, Pair, Shape, SupportedLayer } from '../../core/model/network.ts'
import { mapSize } from '../../core/model/units.ts'
import type { TraceStep } from '../../core/model/trace.ts'

/** The part of a map that is seen, as half-open intervals in units of that map. It may reach beyond the map's edge. */
export interface Region {
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  /** Whether the region is all of the map by definition. */
  readonly whole: boolean
}

export interface TraceGroup {
  /** The indices of the layers with this region and map. */
  readonly layers: readonly number[]
  /** The shape of the first layer, which is the one that changed the region. */
  readonly shape: Shape
  readonly map: Pair
  readonly region: Region
  /** The number of traced branches that join in the first layer; 1 if none do. */
  readonly joins: number
}

/** Groups consecutive steps that see the same region of maps of the same size; with `all`, each step is a group. */
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

/** The numbers of rows and columns. */
export function regionSize({ rows, columns }: Region): Pair {
  return [rows[1] - rows[0], columns[1] - columns[0]]
}
