/**
 * @file The receptive field of every layer and of every single unit, exactly: the interval of a unit is propagated
 * backwards through the graph, edge by edge; where branches join, the hull of their intervals is taken.
 *
 * For the recurrence see Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks",
 * Distill 2019, https://distill.pub/2019/computing-receptive-fields/. Intervals are propagated rather than sizes, so
 * that asymmetric `same` padding, cropping or upsampling need no special case.
 */
import { type KnownSeats, seatOfUnit, seenBy } from './backwards.ts'
import { affineFields } from './affineFields.ts'
import { kindOf } from './kinds/index.ts'
import type { Interval } from './kinds/kind.ts'
import type { Network, Pair, SupportedLayer } from './network.ts'
import { reachOf } from './places.ts'
import { mapSize } from './units.ts'

/**
 * `[top, left, bottom, right]`, half open, in pixels of the model's input. It hangs over the image's edge by the padding
 * that the unit sees; the part within the image is what the unit depends on, no more and no less (holes filled).
 */
export type Box = readonly [number, number, number, number]

export interface ReceptiveField {
  /** Rows, columns; all in pixels of the model's input. If units differ (after upsampling), the largest. */
  readonly size: Pair
  /** From one unit to the next; a fraction after upsampling. */
  readonly stride: Pair
  /** First pixel of unit 0, negative if it hangs over the edge. */
  readonly start: Pair
  /** Every unit sees the whole image: `size` is the image's, `stride` 0. */
  readonly whole: boolean
  /**
   * Units see the field at their place, and beyond it statistics of the whole image that are the same for all of
   * them: behind squeeze-and-excitation or group normalization.
   */
  readonly globalContext: boolean
  /**
   * Behind attention a unit sees the whole image, and still stands for a place in it, its seat: the patch that its token was made
   * of. Here are the size of a seat and the step from one to the next; absent if the field is not whole, or units have no places.
   */
  readonly seat?: Pick<ReceptiveField, 'size' | 'stride'>
}

/** Where the units of a layer look, by their rows and columns. */
export interface UnitPlaces {
  box(row: number, column: number): Box
  /** The patch that the unit stands for, within the image; null if its box says that already, or it stands for none. */
  seat(row: number, column: number): Box | null
}

/** The boxes of a layer's units. Pure and cheap: each row and column is propagated once. */
export class UnitBoxes implements UnitPlaces {
  readonly #network: Network
  readonly #layer: number
  readonly #memo = [new Map<number, Interval>(), new Map<number, Interval>()] as const
  readonly #seats = [new Map<number, Interval | null>(), new Map<number, Interval | null>()] as const

  constructor(network: Network, layer: number) {
    this.#network = network
    this.#layer = layer
  }

  box(row: number, column: number): Box {
    const [top, bottom] = this.#interval(0, row)
    const [left, right] = this.#interval(1, column)
    return [top, left, bottom, right]
  }

  seat(row: number, column: number): Box | null {
    if (!receptiveField(this.#network, this.#layer).seat) return null
    const [rows, columns] = ([0, 1] as const).map((axis) => {
      const unit = axis === 0 ? row : column
      const memo = this.#seats[axis]
      if (!memo.has(unit)) memo.set(unit, seatOfUnit(this.#network, this.#layer, axis, unit))
      return memo.get(unit)
    })
    return rows && columns ? [rows[0], columns[0], rows[1], columns[1]] : null
  }

  #interval(axis: 0 | 1, unit: number): Interval {
    const memo = this.#memo[axis]
    let interval = memo.get(unit)
    if (!interval) {
      interval = pixelsOf(this.#network, this.#layer, axis, unit)
      memo.set(unit, interval)
    }
    return interval
  }
}

/**
 * Padding within the network is zeros, no pixels: a unit whose window reaches into it sees less than the unclipped
 * interval says. So an end counts as it is exactly if it lies within the image, and unclipped if it lies at the edge.
 */
function pixelsOf(network: Network, layer: number, axis: 0 | 1, unit: number): Interval {
  const length = network.inputShape[axis]
  const hanging = seenBy(network, layer, axis, unit, false).get(network.input) ?? 'whole'
  const exact = seenBy(network, layer, axis, unit, true).get(network.input)
  if (hanging === 'whole' || exact === 'whole') return [0, length]
  // The unit sees nothing but padding: this is where it lies.
  if (exact === undefined) return hanging
  return [exact[0] > 0 ? exact[0] : hanging[0], exact[1] < length ? exact[1] : hanging[1]]
}

/** By layer; null for those that are not computed. */
export type Fields = readonly (ReceptiveField | null)[]

const fieldsOf = new WeakMap<Network, Fields>()

/** Tells the fields of a network that another thread has computed. */
export function rememberFields(network: Network, fields: Fields): void {
  fieldsOf.set(network, fields)
}

/** They are found once for a network. */
export function receptiveFields(network: Network): Fields {
  let fields = fieldsOf.get(network)
  if (!fields) {
    const rows = affineFields(network, 0)
    const columns = affineFields(network, 1)
    const context = contextOf(network)
    const known = [new Map(), new Map()] as const
    fields = network.layers.map((layer, i) => {
      if (layer.op === null) return null
      const [vertical, horizontal] = [rows[i]!, columns[i]!]
      const whole = vertical === 'whole' || horizontal === 'whole'
      const [height, width] = network.inputShape
      const along = (field: typeof vertical, length: number) =>
        field === 'whole' ? { size: length, stride: 0, start: 0 } : field
      const [r, c] = [along(vertical, height), along(horizontal, width)]
      return {
        size: [r.size, c.size],
        stride: [r.stride, c.stride],
        start: [r.start, c.start],
        whole,
        globalContext: !whole && context[i]!,
        ...(whole && Math.max(...mapSize(layer.shape)) > 1 ? seatsOf(network, i, known) : {}),
      }
    })
    fieldsOf.set(network, fields)
  }
  return fields
}

/** The layer has to be one that is computed. */
export function receptiveField(network: Network, layer: number): ReceptiveField {
  return receptiveFields(network)[layer]!
}

/** By layer: whether it, or a layer before it, depends on statistics of whole maps. */
function contextOf(network: Network): readonly boolean[] {
  const context: boolean[] = []
  for (const layer of network.layers)
    context.push(
      layer.op !== null && (addsContext(network, layer) || layer.inputs.some((input) => context[input])),
    )
  return context
}

function addsContext(network: Network, layer: SupportedLayer): boolean {
  const { op, inputs } = layer
  const shapes = inputs.map((input) => (network.layers[input] as SupportedLayer).shape)
  return (
    (kindOf(op).globalStatistics?.(op, shapes) ?? false) ||
    inputs.some((_, input) => reachOf(network, layer, { axis: 0, input }, [0, 1]) === 'context')
  )
}

/** The largest seat of two units in the middle, where the edge of the image cuts nothing off, and the step between them. */
function seatsOf(
  network: Network,
  layer: number,
  known: readonly [KnownSeats, KnownSeats],
): Pick<ReceptiveField, 'seat'> {
  const { shape } = network.layers[layer] as SupportedLayer
  const along = ([0, 1] as const).map((axis) => {
    const length = mapSize(shape)[axis]
    const units = Math.min(length, 2)
    const middle = Math.floor((length - units) / 2)
    const seats = Array.from({ length: units }, (_, i) =>
      seatOfUnit(network, layer, axis, middle + i, known[axis]),
    )
    const found = seats.filter((seat) => seat !== null)
    if (found.length < units) return null
    const [first, second] = found
    return {
      size: Math.max(...found.map(([start, end]) => end - start)),
      stride: second ? Math.abs(second[0] - first![0]) : 0,
    }
  })
  const [rows, columns] = along
  return rows && columns
    ? { seat: { size: [rows.size, columns.size], stride: [rows.stride, columns.stride] } }
    : {}
}
