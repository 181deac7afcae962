/**
 * @file The receptive field of every single unit, exactly: the interval of a unit is propagated backwards through
 * the real graph, layer by layer, and the union (its hull) is taken where branches join.
 *
 * For the recurrence see Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks",
 * Distill 2019, https://distill.pub/2019/computing-receptive-fields/. It is not solved for here: each unit is
 * propagated on its own, so that asymmetric `same` padding, cropping or upsampling need no special case.
 */
import { seenBy } from './backwards.ts'
import { kindOf } from './kinds/index.ts'
import type { Interval } from './kinds/kind.ts'
import type { Network, Pair, SupportedLayer } from './network.ts'

/**
 * `[top, left, bottom, right]`, half open, in pixels of the model's input. It hangs over the edge, unclipped, where
 * padding lies; the part within the image is what the unit depends on, no more and no less (holes filled).
 */
export type Box = readonly [number, number, number, number]

export interface ReceptiveField {
  /** Rows, columns; all in pixels of the model's input. Where units differ (after upsampling) that of the largest. */
  readonly size: Pair
  /** From one unit to the next; a fraction after upsampling. */
  readonly stride: Pair
  /** First pixel of unit 0, negative where it hangs over the edge. */
  readonly start: Pair
  /** Every unit sees the whole image; size is the image's, stride 0. */
  readonly whole: boolean
  /**
   * Units see the field at their place, and beyond it statistics of the whole image that are the same for all of
   * them: behind squeeze-and-excitation or group normalization.
   */
  readonly globalContext: boolean
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
      const hanging = pixelsSeen(this.#network, this.#layer, axis, unit)
      interval =
        hanging === 'whole'
          ? [0, length]
          : within(
              hanging,
              seenBy(this.#network, this.#layer, axis, unit, true).get(this.#network.input),
              length,
            )
      memo.set(unit, interval)
    }
    return interval
  }
}

/**
 * Padding inside of the network is zeros, no pixels: a unit whose window reaches into it sees less than the unclipped
 * interval says. So the exact end counts where it lies within the image, the unclipped one where it lies at its edge.
 */
function within(hanging: Interval, clipped: Interval | 'whole' | undefined, length: number): Interval {
  // Nothing but padding: where it would be.
  if (clipped === undefined || clipped === 'whole') return hanging
  return [clipped[0] > 0 ? clipped[0] : hanging[0], clipped[1] < length ? clipped[1] : hanging[1]]
}

/** Size, stride and start of a layer's units; the layer has to be a supported one. */
export function receptiveField(network: Network, layer: number): ReceptiveField {
  const rows = fieldAlong(network, layer, 0)
  const columns = fieldAlong(network, layer, 1)
  const whole = rows.whole || columns.whole
  return {
    size: [rows.size, columns.size],
    stride: [rows.stride, columns.stride],
    start: [rows.start, columns.start],
    whole,
    globalContext: !whole && contextOf(network)[layer]!,
  }
}

/** Units after which upsampled maps repeat: a multiple of all usual factors. */
const period = 24

function fieldAlong(
  network: Network,
  layer: number,
  axis: 0 | 1,
): { size: number; stride: number; start: number; whole: boolean } {
  // Without upsampling one unit is as the next.
  const units = isRegular(network) ? 1 : period
  const intervals = Array.from({ length: units + 1 }, (_, unit) => pixelsSeen(network, layer, axis, unit))
  if (intervals.includes('whole')) return { size: network.inputShape[axis], stride: 0, start: 0, whole: true }
  const seen = intervals as Interval[]
  return {
    size: Math.max(...seen.map(([first, end]) => end - first)),
    stride: (seen[units]![0] - seen[0]![0]) / units,
    start: seen[0]![0],
    whole: false,
  }
}

/** Unclipped. What depends on no pixel at its own place depends on all of them. */
function pixelsSeen(network: Network, layer: number, axis: 0 | 1, unit: number): Interval | 'whole' {
  return seenBy(network, layer, axis, unit, false).get(network.input) ?? 'whole'
}

const irregular = new Set(['upsample', 'resize', 'transposedConv'])

function isRegular({ layers }: Network): boolean {
  return !layers.some(({ op }) => op !== null && irregular.has(op.kind))
}

const contexts = new WeakMap<Network, readonly boolean[]>()

/** By layer: whether statistics of whole maps come in, there or before. */
function contextOf(network: Network): readonly boolean[] {
  let context = contexts.get(network)
  if (!context) {
    const found: boolean[] = []
    for (const layer of network.layers)
      found.push(
        layer.op !== null && (addsContext(network, layer) || layer.inputs.some((input) => found[input])),
      )
    contexts.set(network, (context = found))
  }
  return context
}

function addsContext(network: Network, { op, inputs, shape }: SupportedLayer): boolean {
  const kind = kindOf(op)
  const shapes = inputs.map((input) => (network.layers[input] as SupportedLayer).shape)
  return (
    (kind.globalStatistics?.(op, shapes) ?? false) ||
    inputs.some(
      (_, input) => kind.reach(op, { axis: 0, input, inputs: shapes, output: shape }, [0, 1]) === 'context',
    )
  )
}
