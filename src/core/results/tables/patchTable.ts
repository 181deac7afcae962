/** @file A table of patches as columns: those of `patchRows`, with activations to the bit and names as they are. */
import type { PlacedPatch } from '../arrays/patchArrays.ts'
import type { PatchNames } from '../patchRows.ts'
import { type Column, nothing, TextColumn } from './column.ts'

const edges = ['top', 'left', 'bottom', 'right']
const seatEdges = ['seatTop', 'seatLeft', 'seatBottom', 'seatRight']
const noSeat = seatEdges.map(() => nothing)
const wholes = ['channel', 'rank', 'row', 'column', ...edges, ...seatEdges]

export class PatchTable {
  readonly #layers = new TextColumn('layer')
  readonly #names = new TextColumn('name')
  readonly #images = new TextColumn('image')
  readonly #classes = new TextColumn('class')
  readonly #activations: number[] = []
  /** Row by row, in the order of `wholes`. */
  readonly #wholes: number[][] = wholes.map(() => [])

  /** Adds the rows of one channel, the strongest first: its rank is 0. */
  add(patches: readonly PlacedPatch[], { layer, channel, name, path, className }: PatchNames): void {
    for (const [rank, { image, activation, unit, box, seat }] of patches.entries()) {
      this.#layers.add(layer)
      this.#names.add(name)
      this.#images.add(path(image))
      this.#classes.add(className(image))
      this.#activations.push(activation)
      const numbers = [channel, rank, ...unit, ...box, ...(seat ?? noSeat)]
      for (const [i, number] of numbers.entries()) this.#wholes[i]!.push(number)
    }
  }

  get rows(): number {
    return this.#activations.length
  }

  /** Takes back all but the first rows. */
  cut(rows: number): void {
    for (const texts of [this.#layers, this.#names, this.#images, this.#classes]) texts.cut(rows)
    for (const numbers of [this.#activations, ...this.#wholes]) numbers.length = rows
  }

  /** In the order of the table as text. */
  columns(): Column[] {
    const numbers = new Map(
      wholes.map((name, i): [string, Column] => [
        name,
        { name, kind: 'whole', values: Int32Array.from(this.#wholes[i]!) },
      ]),
    )
    const whole = (names: readonly string[]): Column[] => names.map((name) => numbers.get(name)!)
    return [
      this.#layers.column(),
      ...whole(['channel']),
      this.#names.column(),
      ...whole(['rank']),
      this.#images.column(),
      this.#classes.column(),
      { name: 'activation', kind: 'number', values: Float32Array.from(this.#activations) },
      ...whole(['row', 'column', ...edges, ...seatEdges]),
    ]
  }
}
