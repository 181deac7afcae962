/**
 * @file Reads the configuration of one Keras layer by allow-list. Every key must be read or be known to have no
 * influence on the output; a key that is left over is refused by name. Stock tfjs ignores what it does not know
 * and computes something else without a word.
 */
import { appError } from '../../errors.ts'
import { type Activation, type Pair, type PlainActivation, plainActivations } from '../network.ts'

/** Keys that change training or bookkeeping only, in every layer. */
const harmless = new Set([
  'name',
  'trainable',
  'batch_input_shape',
  'batch_shape',
  'input_shape',
  'input_dtype',
  'activity_regularizer',
  'build_config',
  'compile_config',
])
const harmlessEndings = ['_initializer', '_regularizer', '_constraint']

export class LayerConfig {
  readonly name: string
  readonly className: string
  readonly kerasMajor: number
  readonly #values: Map<string, unknown>

  constructor(className: string, config: Readonly<Record<string, unknown>>, kerasMajor: number) {
    this.name = String(config['name'] ?? className)
    this.className = className
    this.kerasMajor = kerasMajor
    this.#values = new Map(
      Object.entries(config).filter(
        ([key]) => !harmless.has(key) && !harmlessEndings.some((ending) => key.endsWith(ending)),
      ),
    )
    this.#checkDtype(this.#take('dtype'))
  }

  /** Keys that this class knows to be without influence when predicting. */
  ignore(...keys: string[]): void {
    for (const key of keys) this.#values.delete(key)
  }

  number(key: string, fallback?: number): number {
    const value = this.#take(key) ?? fallback
    return typeof value === 'number' ? value : this.refuse(key, value)
  }

  /** A number, or null where the file says null or nothing. */
  optionalNumber(key: string): number | null {
    const value = this.#take(key) ?? null
    return value === null || typeof value === 'number' ? value : this.refuse(key, value)
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.#take(key) ?? fallback
    return typeof value === 'boolean' ? value : this.refuse(key, value)
  }

  /** A number or a pair of numbers, as a pair. */
  pair(key: string, fallback?: Pair): Pair {
    const value = this.#take(key) ?? fallback
    if (typeof value === 'number') return [value, value]
    if (isPair(value)) return value
    return this.refuse(key, value)
  }

  /** `n`, `[rows, columns]` or `[[top, bottom], [left, right]]`. */
  margins(key: string): { rows: Pair; columns: Pair } {
    const value = this.#take(key)
    if (typeof value === 'number') return { rows: [value, value], columns: [value, value] }
    if (isPair(value)) return { rows: [value[0], value[0]], columns: [value[1], value[1]] }
    if (Array.isArray(value) && value.length === 2 && isPair(value[0]) && isPair(value[1]))
      return { rows: value[0], columns: value[1] }
    return this.refuse(key, value)
  }

  /** An axis, which Keras 2 wraps in a list; the last one where the file says nothing. */
  axis(key: string): number {
    const value = this.#take(key) ?? -1
    const axis = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value
    return typeof axis === 'number' ? axis : this.refuse(key, value)
  }

  choice<T>(key: string, allowed: readonly T[], fallback: T): T {
    const value = this.#take(key) ?? fallback
    return allowed.includes(value as T) ? (value as T) : this.refuse(key, value)
  }

  /** Nothing but this value is computed. */
  only(key: string, ...allowed: readonly unknown[]): void {
    const value = this.#take(key)
    if (value === undefined || value === null) return
    if (!allowed.some((one) => JSON.stringify(one) === JSON.stringify(value))) this.refuse(key, value)
  }

  activation(key: string, fallback: PlainActivation = 'linear'): Activation {
    const value = this.#take(key) ?? fallback
    // Keras 3 writes registered functions as objects in some versions.
    const name =
      typeof value === 'object' && value !== null && 'config' in value && typeof value.config === 'string'
        ? value.config
        : value
    if (name === 'swish') return { fn: 'silu' }
    if (name === 'hard_sigmoid' && this.kerasMajor < 3) return { fn: 'hard_sigmoid_2' }
    if (name === 'leaky_relu') return { fn: 'leaky_relu', slope: 0.2 }
    if (name !== 'hard_sigmoid_2' && plainActivations.includes(name as PlainActivation))
      return { fn: name as PlainActivation }
    return this.refuse(key, value)
  }

  /** Call it last: what nobody has read is refused. */
  finish(): void {
    for (const [key, value] of this.#values) if (value !== null) this.refuse(key, value)
  }

  refuse(option: string, value: unknown): never {
    const text = JSON.stringify(value) ?? 'nothing'
    throw appError('model/unsupported-option', {
      layer: this.name,
      className: this.className,
      option,
      value: text.length > 60 ? `${text.slice(0, 57)}…` : text,
    })
  }

  #take(key: string): unknown {
    const value = this.#values.get(key)
    this.#values.delete(key)
    return value
  }

  /** `'float32'`, or the policy object that Keras 3 writes. */
  #checkDtype(dtype: unknown): void {
    const name =
      typeof dtype === 'object' && dtype !== null && 'config' in dtype
        ? (dtype.config as { name?: unknown } | null)?.name
        : dtype
    if (name !== undefined && name !== null && name !== 'float32') this.refuse('dtype', name)
  }
}

function isPair(value: unknown): value is Pair {
  return Array.isArray(value) && value.length === 2 && value.every((n) => typeof n === 'number')
}
