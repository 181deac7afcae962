/** @file The channels of one or many layers as the rows of a table: which of them are wanted, and in which order. */
import { type MeasuredLayer, noClass } from '../scan/measures/measuredLayer.ts'
import { type Finding, isWithin } from './finding.ts'
import { sortRows } from './sortRows.ts'

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
  /** What people wrote about a channel, in which words are looked for as in the names of layers and classes; mostly empty. */
  noteOf(layer: string, channel: number): string
  classNameOf(classNumber: number): string
}

/** The numbers of the wanted rows, in their order. Rows with equal values are in the order of the table. */
export function findRows(table: ChannelTable, sought: Sought): Uint32Array {
  const wanted = wantedRows(table, sought)
  const { column, isReversed } = sought.finding
  if (column === null) return isReversed ? wanted.toReversed() : wanted
  return sortRows(wanted, table.values(column), isReversed)
}

function wantedRows(table: ChannelTable, sought: Sought): Uint32Array {
  const { finding, hideDead, topClass, isNoted } = sought
  const bounds = Object.entries(finding.ranges).map(([id, range]) => ({ values: table.values(id), range }))
  const dead = hideDead ? table.values('dead') : null
  const words = finding.text.toLowerCase().split(/\s+/).filter(Boolean)
  const rows = new Uint32Array(table.rows)
  let count = 0
  let row = 0
  for (const layer of table.layers) {
    const hasAll = words.length === 0 ? null : wordTest(words, layer, sought)
    for (let channel = 0; channel < layer.channels; channel++, row++) {
      if (dead?.[row] === 1) continue
      if (!bounds.every(({ values, range }) => isWithin(values[row]!, range))) continue
      if (topClass !== null && (layer.measured?.topClass[channel] ?? noClass) !== topClass) continue
      if (isNoted && !isNoted(layer.name, channel)) continue
      if (hasAll && !hasAll(channel)) continue
      rows[count++] = row
    }
  }
  return rows.slice(0, count)
}

/**
 * Whether all words occur in what is known of a channel of the layer. Names of layers and classes are looked through once, as
 * there are many channels. A number within a layer's name would find all channels of the layer, so it is the channel's.
 */
function wordTest(
  words: readonly string[],
  { name, measured }: TableLayer,
  { noteOf, classNameOf }: Sought,
): (channel: number) => boolean {
  const ofLayer = name.toLowerCase()
  const tests = words.map((word) => {
    const number = /^\d+$/.test(word) ? Number(word) : null
    const inClass = new Map<number, boolean>()
    return { word, number, inLayer: number === null && ofLayer.includes(word), inClass }
  })
  return (channel) => {
    const top = measured?.topClass[channel] ?? noClass
    return tests.every(({ word, number, inLayer, inClass }) => {
      if (inLayer || number === channel) return true
      let isInClass = top === noClass ? false : inClass.get(top)
      if (isInClass === undefined)
        inClass.set(top, (isInClass = classNameOf(top).toLowerCase().includes(word)))
      return isInClass || noteOf(name, channel).toLowerCase().includes(word)
    })
  }
}
