/**
 * @file The receptive field of every single unit, exactly: the interval of a unit is propagated backwards through
 * the real graph, layer by layer, and the union (its hull) is taken where branches join. Nothing is clipped, so
 * units at the border give boxes that hang over the edge.
 *
 * For the recurrence see Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks",
 * Distill 2019, https://distill.pub/2019/computing-receptive-fields/. It is not solved for here: each unit is
 * propagated on its own, so that asymmetric `same` padding needs no special case.
 */
import { kindOf } from './kinds/index.ts'
import { mapSize, type Network, type SupportedLayer } from './network.ts'

/** `[top, left, bottom, right]`, half open, in pixels of the model's input, unclipped. */
export type Box = readonly [number, number, number, number]

/** Half open. */
type Interval = readonly [number, number]

export interface ReceptiveField {
  /** Rows, columns; all in pixels of the model's input. */
  readonly size: readonly [number, number]
  /** From one unit to the next. */
  readonly stride: readonly [number, number]
  /** First pixel of unit 0, negative where it hangs over the edge. */
  readonly start: readonly [number, number]
  /** Every unit sees the whole image; size is the image's, stride 0. */
  readonly whole: boolean
}

/** The boxes of a layer's units. Pure and cheap: each row and column is propagated once. */
export class UnitBoxes {
  readonly #network: Network
  readonly #layer: number
  readonly #memo = [new Map<number, Interval>(), new Map<number, Interval>()] as const

  constructor(network: Network, layer: number) {
    this.#network = network
    this.#layer = layer
  }

  box(row: number, column: number): Box {
    const [top, bottom] = this.#interval(0, row)
    const [left, right] = this.#interval(1, column)
    return [top, left, bottom, right]
  }

  #interval(axis: 0 | 1, unit: number): Interval {
    const memo = this.#memo[axis]
    let interval = memo.get(unit)
    if (!interval) {
      const length = this.#network.inputShape[axis]
      const seen = seenInterval(this.#network, this.#layer, axis, unit)
      interval = seen === 'whole' ? [0, length] : seen
      memo.set(unit, interval)
    }
    return interval
  }
}

/** Size, stride and start of a layer's units; the layer has to be a supported one. */
export function receptiveField(network: Network, layer: number): ReceptiveField {
  const axes = [0, 1].map((a) => {
    const axis = a as 0 | 1
    const first = seenInterval(network, layer, axis, 0)
    const second = seenInterval(network, layer, axis, 1)
    if (first === 'whole' || second === 'whole')
      return { size: network.inputShape[axis], stride: 0, start: 0, whole: true }
    return { size: first[1] - first[0], stride: second[0] - first[0], start: first[0], whole: false }
  })
  const [rows, columns] = axes as [(typeof axes)[0], (typeof axes)[0]]
  return {
    size: [rows.size, columns.size],
    stride: [rows.stride, columns.stride],
    start: [rows.start, columns.start],
    whole: rows.whole || columns.whole,
  }
}

/** What one unit of a layer sees of the input, along one axis. */
function seenInterval(network: Network, layer: number, axis: 0 | 1, unit: number): Interval | 'whole' {
  const seen = new Map<number, Interval | 'whole'>([[layer, [unit, unit + 1]]])
  // Inputs have smaller indices, so one sweep from the back has met all consumers of a layer before the layer.
  for (let i = layer; i > network.input; i--) {
    const interval = seen.get(i)
    if (interval === undefined) continue
    const { op, inputs } = network.layers[i] as SupportedLayer
    for (const input of inputs) {
      const { shape } = network.layers[input] as SupportedLayer
      const reach = kindOf(op).reach(op, axis, mapSize(shape)[axis])
      const back: Interval | 'whole' =
        reach === 'whole' || interval === 'whole'
          ? 'whole'
          : [
              interval[0] * reach.stride - reach.before,
              (interval[1] - 1) * reach.stride - reach.before + reach.size,
            ]
      seen.set(input, hull(seen.get(input), back))
    }
  }
  return seen.get(network.input) ?? 'whole'
}

function hull(a: Interval | 'whole' | undefined, b: Interval | 'whole'): Interval | 'whole' {
  if (a === undefined) return b
  if (a === 'whole' || b === 'whole') return 'whole'
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
}
