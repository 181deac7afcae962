/**
 * @file The part of a network that lies behind a layer, as a network of its own: what has to be computed again if the layer's output
 * is changed.
 */
import { answerLayer } from '../preprocessing/guess/prediction.ts'
import { channelCount, type Layer, type Network, type SupportedLayer } from '../model/network.ts'
import { readerCounts } from '../model/readers.ts'
import { mapSize } from '../model/units.ts'

export interface NetworkBehind {
  /**
   * The layers that depend on the changed one, in their order. Layers that are given are inputs of it; the changed one is
   * `network.input`.
   */
  readonly network: Network
  /** The whole network's layer of each layer. */
  readonly sourceOf: readonly number[]
  /** The layers of the whole network whose outputs are given, ascending: the changed one, and others that layers behind it read. */
  readonly given: readonly number[]
  /** The layer of `network` that gives the output. */
  readonly output: number
}

/**
 * The layer whose output is looked at if another one is changed: the network's answer, or the last layer that nobody reads and that
 * depends on the changed one. Null if no layer that is computed depends on it.
 */
export function outputBehind(network: Network, changed: number): number | null {
  const depends = dependents(network, changed)
  const answer = answerLayer(network)
  if (answer !== null && answer !== changed && depends.has(answer)) return answer
  const read = new Set(network.layers.flatMap(({ inputs }, i) => (depends.has(i) ? inputs : [])))
  return [...depends].findLast((layer) => layer !== changed && !read.has(layer)) ?? null
}

/** Throws `RangeError` if the output does not depend on the changed layer. */
export function networkBehind(whole: Network, changed: number, output: number): NetworkBehind {
  const needed = readerCounts(whole, [output])
  const behind = [...dependents(whole, changed)].filter((layer) => layer !== changed && needed.has(layer))
  if (behind.at(-1) !== output) throw new RangeError(`layer ${output} does not depend on layer ${changed}`)
  const isBehind = new Set(behind)
  const read = behind.flatMap((layer) => whole.layers[layer]!.inputs)
  const given = [...new Set([changed, ...read])]
    .filter((layer) => !isBehind.has(layer))
    .toSorted((a, b) => a - b)
  const sourceOf = [...given, ...behind].toSorted((a, b) => a - b)
  const placeOf = new Map(sourceOf.map((layer, place) => [layer, place]))
  const layers = sourceOf.map((source): Layer => {
    const layer = whole.layers[source] as SupportedLayer
    const { sharesWeightsOf, ...own } = layer
    if (!isBehind.has(source)) return { ...own, op: { kind: 'input' }, inputs: [], weights: [] }
    const shared = sharesWeightsOf === undefined ? undefined : placeOf.get(sharesWeightsOf)
    return {
      ...own,
      inputs: layer.inputs.map((input) => placeOf.get(input)!),
      // The first call of a shared layer may lie before the changed one, and then has no weights here.
      ...(shared === undefined || !isBehind.has(sharesWeightsOf!) ? {} : { sharesWeightsOf: shared }),
    }
  })
  const { shape } = whole.layers[changed] as SupportedLayer
  const input = placeOf.get(changed)!
  const inputShape = [...mapSize(shape), channelCount(shape)] as const
  return {
    network: { ...whole, layers, input, inputShape },
    sourceOf,
    given,
    output: placeOf.get(output)!,
  }
}

/** A layer's output, or the part of it that a layer shows which nothing reads. */
export interface ChangedPart {
  /** Index into the network's layers. */
  readonly layer: number
  /** The units that are changed, in the order of memory: `[first, end)`; null for all. */
  readonly units: readonly [first: number, end: number] | null
}

/**
 * What is changed if the channels of a layer are. Layers that only show some tokens of another one (`tokenLayers`) are read by nobody:
 * these tokens are changed where they are computed.
 */
export function changedPart({ layers }: Network, layer: number): ChangedPart {
  const { op, inputs } = layers[layer]!
  const isRead = layers.some((reader) => reader.inputs.includes(layer))
  if (isRead || (op?.kind !== 'patches' && op?.kind !== 'token')) return { layer, units: null }
  const [first, count] = op.kind === 'token' ? [op.index, 1] : [op.first, op.grid[0] * op.grid[1]]
  return { layer: inputs[0]!, units: [first, first + count] }
}

/** The layer and all layers that depend on it and are computed, ascending. */
function dependents({ layers }: Network, changed: number): ReadonlySet<number> {
  const found = new Set([changed])
  for (const [i, { op, inputs }] of layers.entries())
    if (op !== null && inputs.some((input) => found.has(input))) found.add(i)
  return found
}
