/** @file How a receptive field comes about, layer by layer: the regions that a unit sees, and the recurrence of sizes. */
import { seenBy, type Seen } from './backwards.ts'
import type { Layer, Network, Padding, Pair } from './network.ts'
import { receptiveField } from './receptiveField.ts'

/** The part of a layer that one unit of a later layer depends on, in units of the layer's own map, unclipped. */
export interface TraceStep {
  /** Index into the network's layers. */
  readonly layer: number
  readonly rows: Seen
  readonly columns: Seen
}

/** From the input to the layer itself; `unit` is row and column in it. Layers that it does not depend on are left out. */
export function unitTrace(network: Network, layer: number, unit: Pair): readonly TraceStep[] {
  const rows = seenBy(network, layer, 0, unit[0], false)
  const columns = seenBy(network, layer, 1, unit[1], false)
  return [...rows.keys()]
    .toSorted((a, b) => a - b)
    .map((i) => ({ layer: i, rows: rows.get(i)!, columns: columns.get(i) ?? 'whole' }))
}

/** How the receptive field grows: size += (kernel − 1) · jump, then jump ·= stride. */
export interface RecurrenceRow {
  readonly layer: number
  /** Is null if the layer has no window. */
  readonly kernel: Pair | null
  readonly stride: Pair | null
  /** From tap to tap of the kernel. */
  readonly dilation: Pair
  readonly padding: Padding | null
  /** Pixels of the input from one unit to the next. */
  readonly jump: Pair
  /** Pixels of the input that one unit depends on. */
  readonly size: Pair
  /** First pixel of unit 0; negative if it lies in the padding. */
  readonly start: Pair
  readonly whole: boolean
}

/** One row for each layer that this one depends on, from the input on. */
export function recurrence(network: Network, layer: number): readonly RecurrenceRow[] {
  return unitTrace(network, layer, [0, 0]).map((step) => {
    const { size, stride, start, whole } = receptiveField(network, step.layer)
    return { layer: step.layer, ...windowOf(network.layers[step.layer]!), jump: stride, size, start, whole }
  })
}

function windowOf({ op }: Layer): Pick<RecurrenceRow, 'kernel' | 'stride' | 'dilation' | 'padding'> {
  if (op === null || !('kernel' in op)) return { kernel: null, stride: null, dilation: [1, 1], padding: null }
  return {
    kernel: op.kernel,
    stride: op.strides,
    dilation: 'dilation' in op ? op.dilation : [1, 1],
    padding: op.padding,
  }
}
