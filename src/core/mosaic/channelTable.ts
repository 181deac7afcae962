/** @file The channels of one or many layers as the rows of a table: which of them are wanted, and in which order. */
import { type MeasuredLayer, noClass } from '../scan/measures/measuredLayer.ts'
import type { Finding } from './finding.ts'

export interface TableLayer {
  readonly name: string
  readonly channels: number
  /** Is null if the layer has no results. */
  readonly measured: MeasuredLayer | null
}

/** Rows are numbered: those of the first layer come first. */
export class ChannelTable {
  readonly layers: readonly TableLayer[]
  /** The number of the first row of each layer, and the number of all rows. */
  readonly #starts: readonly number[]
  /** The layer of each row. */
  readonly #layerOf: Uint16Array

  constructor(layers: readonly TableLayer[]) {
    this.layers = layers
    const starts = [0]
    for (const { channels } of layers) starts.push(starts.at(-1)! + channels)
    this.#starts = starts
    this.#layerOf = new Uint16Array(starts.at(-1)!)
    for (const index of layers.keys()) this.#layerOf.fill(index, starts[index], starts[index + 1])
  }

  get rows(): number {
    return this.#layerOf.length
  }

  place(row: number): { readonly layer: TableLayer; readonly channel: number } {
    const index = this.#layerOf[row]!
    return { layer: this.layers[index]!, channel: row - this.#starts[index]! }
  }

  /** The row of a channel; -1 if there is none. */
  rowOf(name: string, channel: number): number {
    const index = this.layers.findIndex((layer) => layer.name === name)
    return index >= 0 && channel < this.layers[index]!.channels ? this.#starts[index]! + channel : -1
  }

  /** The values of a measure, by row: NaN if there is none. */
  values(id: string): Float64Array {
    const values = new Float64Array(this.rows).fill(Number.NaN)
    for (const [index, { measured }] of this.layers.entries())
      if (measured) values.set(measured.values(id), this.#starts[index])
    return values
  }
}

export interface Sought {
  readonly finding: Finding
  readonly hideDead: boolean
  /** If set, only channels are wanted of whose top patches most are of this class. */
  readonly topClass: number | null
  /** If set, only channels are wanted that pass it, by their notes. */
  readonly isNoted: ((layer: string, channel: number) => boolean) | null
  /** A channel's name, note and class, in which words are looked for; the layer's name and the number need not be in it. */
  textOf(layer: string, channel: number): string
}

/** The numbers of the wanted rows, in their order. Rows with equal values are in the order of the table. */
export function findRows(table: ChannelTable, sought: Sought): Uint32Array {
  const wanted = wantedRows(table, sought)
  const { column, isReversed } = sought.finding
  if (column === null) return isReversed ? wanted.toReversed() : wanted
  const values = table.values(column)
  const sign = isReversed ? -1 : 1
  return wanted.toSorted((a, b) => {
    const [one, other] = [values[a]!, values[b]!]
    const [isOne, isOther] = [!Number.isNaN(one), !Number.isNaN(other)]
    if (isOne && isOther) return sign * (other - one) || a - b
    return Number(isOther) - Number(isOne) || a - b
  })
}

function wantedRows(
  table: ChannelTable,
  { finding, hideDead, topClass, isNoted, textOf }: Sought,
): Uint32Array {
  const bounds = Object.entries(finding.ranges).map(
    ([id, [from, to]]) => [table.values(id), from ?? -Infinity, to ?? Infinity] as const,
  )
  const dead = hideDead ? table.values('dead') : null
  const words = finding.text.toLowerCase().split(/\s+/).filter(Boolean)
  const rows = new Uint32Array(table.rows)
  let count = 0
  for (let row = 0; row < rows.length; row++) {
    if (dead?.[row] === 1) continue
    // NaN is in no range.
    if (!bounds.every(([values, from, to]) => values[row]! >= from && values[row]! <= to)) continue
    if (topClass !== null || isNoted || words.length > 0) {
      const { layer, channel } = table.place(row)
      if (topClass !== null && (layer.measured?.topClass[channel] ?? noClass) !== topClass) continue
      if (isNoted && !isNoted(layer.name, channel)) continue
      if (words.length > 0 && !hasAll(words, layer.name, channel, textOf(layer.name, channel))) continue
    }
    rows[count++] = row
  }
  return rows.slice(0, count)
}

/** A number within a layer's name would find all channels of the layer, so numbers are looked for elsewhere. */
function hasAll(words: readonly string[], layer: string, channel: number, text: string): boolean {
  const [ofLayer, ofChannel] = [layer.toLowerCase(), text.toLowerCase()]
  return words.every((word) => {
    if (ofChannel.includes(word)) return true
    return /^\d+$/.test(word) ? Number(word) === channel : ofLayer.includes(word)
  })
}
