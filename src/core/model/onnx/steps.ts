/** @file Layers of which some become steps of others, and are left out. */
import type { Layer, Operation, SupportedLayer } from '../network.ts'

/** The layers that are left; `from`: the index that each had. */
export interface Shortened {
  readonly layers: readonly Layer[]
  readonly from: readonly number[]
}

export class Steps {
  readonly #layers: Layer[]
  readonly #kept: ReadonlySet<number>
  /** By layer: those that read it. */
  readonly #readers: number[][]
  readonly #gone = new Set<number>()
  /** By layer that is made of several: how many those are. */
  readonly #counts = new Map<number, number>()

  constructor(layers: readonly Layer[], kept: ReadonlySet<number>) {
    this.#layers = [...layers]
    this.#kept = kept
    this.#readers = layers.map(() => [])
    for (const [i, { inputs }] of layers.entries()) for (const input of inputs) this.#readers[input]!.push(i)
  }

  /** Null for a layer that is not computed, or is a step of another. */
  layer(index: number): SupportedLayer | null {
    const layer = this.#layers[index]!
    return layer.op === null || this.#gone.has(index) ? null : layer
  }

  readers(index: number): readonly number[] {
    return this.#readers[index]!.filter((reader) => !this.#gone.has(reader))
  }

  /** Makes one layer of the steps, if nothing reads those before the last. */
  replace(
    last: number,
    steps: ReadonlySet<number>,
    op: Operation,
    className: string,
    input: number,
  ): boolean {
    const inner = [...steps].filter((step) => step !== last)
    const isOwn = (step: number): boolean =>
      !this.#kept.has(step) && this.readers(step).every((reader) => steps.has(reader))
    if (inner.length === 0 || !inner.every(isOwn)) return false
    for (const step of inner) this.#gone.add(step)
    const layer = this.layer(last)!
    const count = [...steps].reduce((total, step) => total + this.#countOf(step), 0)
    this.#counts.set(last, count)
    this.#layers[last] = {
      ...layer,
      className,
      op,
      inputs: [input],
      weights: [],
    }
    this.#readers[input]!.push(last)
    return true
  }

  #countOf(index: number): number {
    return this.#counts.get(index) ?? 1
  }

  shortened(): Shortened {
    const from = [...this.#layers.keys()].filter((index) => !this.#gone.has(index))
    const places = new Map(from.map((index, place) => [index, place]))
    const layers = from.map((index): Layer => {
      const layer = this.#layers[index]!
      const inputs = layer.inputs.map((input) => places.get(input)!)
      const count = this.#countOf(index)
      if (layer.op === null || count === 1) return { ...layer, inputs }
      const note = `${count} steps of the file, computed as one.`
      return { ...layer, inputs, note: layer.note === undefined ? note : `${note} ${layer.note}` }
    })
    return { layers, from }
  }
}
