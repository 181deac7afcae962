/**
 * @file A network that computes what one unit needs and nothing else: of each layer the rows and columns that the unit's field takes
 * there. What it gives is what the whole network gives, up to rounding (kernels of other sizes sum in another order).
 *
 * `same` paddings and the borders of maps become margins. What cannot be cut (global pooling, attention, group normalization, tokens)
 * is computed as a whole, and all before it: then the crop may be all of the image. So it is behind squeeze-and-excitation, too,
 * although its statistics do not count as a part of the receptive field.
 */
import type { Interval } from '../model/kinds/kind.ts'
import type { Network, Pair, SupportedLayer } from '../model/network.ts'
import type { Box } from '../model/receptiveField.ts'
import { type Area, type Cut, hullOf, sameArea } from './cuts/cut.ts'
import { cutOf } from './cuts/index.ts'

export interface CroppedNetwork {
  /** The same for all units with the same geometry, as those in the middle of a map. */
  readonly network: Network
  /** The rows and columns of the whole network's input that it reads, within the image. */
  readonly box: Box
  /** Index of the unit's layer in the crop, and the unit's row and column there: as a rule its only one, `[0, 0]`. */
  readonly layer: number
  readonly unit: Pair
  /** The whole network's layer of each layer of the crop. A layer that was added takes a part of that layer's map. */
  readonly sourceOf: readonly number[]
  /** By layer of the crop: the row and column in the whole layer's map of its first. */
  readonly startOf: readonly Pair[]
}

/** The layer has to be one that is computed; `unit` is its row and column, `[0, 0]` in a layer that is no map. */
export function croppedNetwork(network: Network, layer: number, unit: Pair): CroppedNetwork {
  const cuts = cutsFor(network, layer, unit)
  const made = new Cropped(network, cuts)
  for (const i of [...cuts.keys()].toSorted((a, b) => a - b)) made.add(i)
  const [rows, columns] = cuts.get(network.input)!.area
  const [firstRow, firstColumn] = cuts.get(layer)!.area.map(([first]) => first) as [number, number]
  return {
    network: {
      name: network.name,
      layers: made.layers,
      input: made.indexOf(network.input),
      inputShape: [rows[1] - rows[0], columns[1] - columns[0], network.inputShape[2]],
      openSize: false,
    },
    box: [rows[0], columns[0], rows[1], columns[1]],
    layer: made.indexOf(layer),
    unit: [unit[0] - firstRow, unit[1] - firstColumn],
    sourceOf: made.sourceOf,
    startOf: made.startOf,
  }
}

/** What is computed of each layer that the unit needs, from its own back to the input. */
function cutsFor(network: Network, layer: number, unit: Pair): ReadonlyMap<number, Cut> {
  const at = ([row, column]: Pair): Area => [
    [row, row + 1],
    [column, column + 1],
  ]
  const asked = new Map<number, Area>([[layer, at(unit)]])
  const cuts = new Map<number, Cut>()
  // Inputs have smaller indices, so all readers of a layer are met before it.
  for (let i = layer; i >= 0; i--) {
    const area = asked.get(i)
    if (!area) continue
    const { op, inputs, shape } = network.layers[i] as SupportedLayer
    const shapes = inputs.map((from) => (network.layers[from] as SupportedLayer).shape)
    const cut = cutOf({ op, inputs: shapes, output: shape, area })
    cuts.set(i, cut)
    for (const [input, want] of cut.wants.entries()) {
      const from = inputs[input]!
      const others = asked.get(from)
      if (want) asked.set(from, others ? hullOf(others, want) : want)
    }
  }
  return cuts
}

/** The layers of the crop, as they are added in order. */
class Cropped {
  readonly layers: SupportedLayer[] = []
  readonly sourceOf: number[] = []
  readonly startOf: Pair[] = []
  readonly #network: Network
  readonly #cuts: ReadonlyMap<number, Cut>
  readonly #indices = new Map<number, number>()
  /** Added layers that take a part of a map, by the layer that they take it of and the part. */
  readonly #parts = new Map<string, number>()

  constructor(network: Network, cuts: ReadonlyMap<number, Cut>) {
    this.#network = network
    this.#cuts = cuts
  }

  indexOf(layer: number): number {
    return this.#indices.get(layer)!
  }

  add(i: number): void {
    const { name, className, inputs, weights, tokens, shape } = this.#network.layers[i] as SupportedLayer
    const { op, area, wants } = this.#cuts.get(i)!
    const from = inputs.flatMap((input, k) => (wants[k] ? [this.#partOf(input, wants[k])] : []))
    this.#indices.set(i, this.layers.length)
    this.#push(i, area, {
      name,
      className,
      op,
      inputs: from,
      shape: shape.length === 3 ? sizeOf(area, shape) : shape,
      weights,
      ...(tokens ? { tokens } : {}),
    })
  }

  /** The index of the layer that gives that part of a layer's map: the layer itself, if it computes no more. */
  #partOf(layer: number, want: Area): number {
    const { area } = this.#cuts.get(layer)!
    if (sameArea(area, want)) return this.indexOf(layer)
    const key = `${layer}:${String(want)}`
    const known = this.#parts.get(key)
    if (known !== undefined) return known
    const { name, shape } = this.#network.layers[layer] as SupportedLayer
    const around = ([first, end]: Interval, [low, high]: Interval): Pair => [low - first, end - high]
    this.#parts.set(key, this.layers.length)
    this.#push(layer, want, {
      name: `${name} (part)`,
      className: 'Crop',
      op: { kind: 'crop', rows: around(area[0], want[0]), columns: around(area[1], want[1]) },
      inputs: [this.indexOf(layer)],
      shape: sizeOf(want, shape),
      weights: [],
    })
    return this.layers.length - 1
  }

  #push(source: number, [rows, columns]: Area, layer: SupportedLayer): void {
    this.layers.push(layer)
    this.sourceOf.push(source)
    this.startOf.push([rows[0], columns[0]])
  }
}

function sizeOf([rows, columns]: Area, shape: SupportedLayer['shape']): SupportedLayer['shape'] {
  return [rows[1] - rows[0], columns[1] - columns[0], shape[2]!]
}
