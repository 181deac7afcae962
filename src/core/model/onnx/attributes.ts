/**
 * @file The attributes of one node by allow-list, as `Attributes` of TensorFlow's graphs: one that has not been read is refused
 * by name.
 */
import { refuseOption } from '../refusedOption.ts'
import { type OnnxConstant, givenConstant, storedConstant } from './constants.ts'
import type { AttributeValue, OnnxGraph } from './modelProto.ts'

/** What is said elsewhere as well, or only matters to a program that trains or allocates. */
const harmless = new Set(['consumed_inputs', 'storage_order', 'momentum', 'seed', 'stash_type', 'saturate'])

export class Attributes {
  readonly #node: string
  readonly #op: string
  readonly #values: ReadonlyMap<string, AttributeValue>
  readonly #read = new Set<string>()

  constructor(node: string, op: string, values: ReadonlyMap<string, AttributeValue>) {
    this.#node = node
    this.#op = op
    this.#values = values
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  number(key: string, fallback: number): number {
    return this.#take(key, 'number')?.value ?? fallback
  }

  flag(key: string, fallback = false): boolean {
    return this.number(key, fallback ? 1 : 0) !== 0
  }

  text(key: string, fallback: string): string {
    return this.#take(key, 'text')?.value ?? fallback
  }

  /** Is null if the node does not say it. */
  numbers(key: string): readonly number[] | null {
    return this.#take(key, 'numbers')?.value ?? null
  }

  graph(key: string): OnnxGraph | null {
    return this.#take(key, 'graph')?.value ?? null
  }

  /** An array, or numbers that are written as such; null if there is none. */
  constant(key: string): OnnxConstant | null {
    const value = this.#values.get(key)
    this.#read.add(key)
    if (value?.kind === 'tensor') return storedConstant(value.value)
    const type = key.includes('float') ? 'float32' : 'int64'
    if (value?.kind === 'number') return givenConstant('', [], [value.value], type)
    if (value?.kind === 'numbers') return givenConstant('', [value.value.length], value.value, type)
    return null
  }

  ignore(...keys: string[]): void {
    for (const key of keys) this.#read.add(key)
  }

  /** Has to be called last: attributes that have not been read are refused. */
  finish(): void {
    for (const [key, { value }] of this.#values)
      if (!harmless.has(key) && !this.#read.has(key)) this.refuse(key, value)
  }

  refuse(option: string, value: unknown): never {
    return refuseOption(this.#node, this.#op, option, value)
  }

  #take<K extends AttributeValue['kind']>(key: string, kind: K): Extract<AttributeValue, { kind: K }> | null {
    this.#read.add(key)
    const found = this.#values.get(key)
    if (!found) return null
    if (found.kind !== kind) this.refuse(key, found.value)
    return found as Extract<AttributeValue, { kind: K }>
  }
}
