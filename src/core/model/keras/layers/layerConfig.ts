/**
 * @file Reads the configuration of one Keras layer by allow-list: every key has to be read or known to have no influence
 * on the output, and a key that is left over is refused by name. TensorFlow.js's own reader ignores what it does not
 * know and computes something else without a word.
 */
import type { Operand } from '../kerasCalls.ts'
import type { Padding, Pair, Shape } from '../../network.ts'
import { refuseOption } from '../../refusedOption.ts'
import { isMap } from '../../units.ts'
import { refusedDtype } from './dtype.ts'
import { modernized } from './keras1.ts'

/** Keys that change training or bookkeeping only, in every layer. */
const harmless = new Set([
  'name',
  'trainable',
  'batch_input_shape',
  'batch_shape',
  'batch_size',
  'input_shape',
  'input_dim',
  'input_dtype',
  'autocast',
  'activity_regularizer',
  'build_config',
  'compile_config',
  'shared_object_id',
  // Keras 1
  'init',
  'weights',
])
const harmlessEndings = ['_initializer', '_regularizer', '_constraint', '_init']

export interface LayerContext {
  /** Version of the Keras that wrote the file. */
  readonly kerasMajor: number
  /** The file counts channels before rows; axes are translated here. */
  readonly channelsFirst?: boolean
  /** The shapes of the layer's inputs. */
  readonly inputs?: readonly Shape[]
  /** The arguments of its call, if some are constants. */
  readonly operands?: readonly Operand[]
}

export class LayerConfig {
  readonly name: string
  readonly className: string
  readonly context: LayerContext
  readonly #values: Map<string, unknown>

  constructor(className: string, config: Readonly<Record<string, unknown>>, context: LayerContext) {
    this.name = String(config['name'] ?? className)
    this.className = className
    this.context = context
    this.#values = new Map(
      Object.entries(context.kerasMajor < 2 ? modernized(config) : config).filter(
        ([key]) => !harmless.has(key) && !harmlessEndings.some((ending) => key.endsWith(ending)),
      ),
    )
    const refused = refusedDtype(this.take('dtype'))
    if (refused !== undefined) this.refuse('dtype', refused)
  }

  /** Whether the layer works on a map whose channels come before its rows in the file. */
  get isChannelsFirstMap(): boolean {
    const input = this.context.inputs?.[0]
    return this.context.channelsFirst === true && (input === undefined || isMap(input))
  }

  /** The value as it is in the file, for kinds of values that have no method here; the caller checks it. */
  take(key: string): unknown {
    const value = this.#values.get(key)
    this.#values.delete(key)
    return value
  }

  /** For keys that have no influence on the output of this class. */
  ignore(...keys: string[]): void {
    for (const key of keys) this.#values.delete(key)
  }

  /** For classes that do nothing when they predict, whatever their configuration says. */
  ignoreAll(): void {
    for (const key of this.#values.keys()) if (!key.startsWith('call:')) this.#values.delete(key)
  }

  number(key: string, fallback?: number): number {
    const value = this.take(key) ?? fallback
    return isNumber(value) ? value : this.refuse(key, value)
  }

  /** A whole number from `least` on. */
  whole(key: string, fallback?: number, least = 1): number {
    const value = this.number(key, fallback)
    return isWhole(value, least) ? value : this.refuse(key, value)
  }

  /** A number, or null if the file says null or nothing. */
  optionalNumber(key: string): number | null {
    const value = this.take(key) ?? null
    return value === null || isNumber(value) ? value : this.refuse(key, value)
  }

  /** A number or a list of them. */
  numbers(key: string, fallback?: number): readonly number[] {
    const value = this.take(key) ?? fallback
    if (isNumber(value)) return [value]
    return isNumbers(value) ? value : this.refuse(key, value)
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.take(key) ?? fallback
    // People write 1 for True, and Keras keeps it.
    if (value === 0 || value === 1) return value === 1
    return typeof value === 'boolean' ? value : this.refuse(key, value)
  }

  /** A whole number from `least` on, or a pair of them, as a pair. */
  pair(key: string, fallback?: Pair, least = 1): Pair {
    const value = this.take(key) ?? fallback
    if (isWhole(value, least)) return [value, value]
    return isPair(value, least) ? value : this.refuse(key, value)
  }

  /** As `pair`, or null where the file says null or nothing. */
  optionalPair(key: string, least = 1): Pair | null {
    if ((this.#values.get(key) ?? null) !== null) return this.pair(key, undefined, least)
    this.ignore(key)
    return null
  }

  /** `n`, `[rows, columns]` or `[[top, bottom], [left, right]]`, whole numbers from 0 on. */
  margins(key: string): { rows: Pair; columns: Pair } {
    const value = this.take(key) ?? [1, 1]
    if (isWhole(value, 0)) return { rows: [value, value], columns: [value, value] }
    if (isPair(value, 0)) return { rows: [value[0], value[0]], columns: [value[1], value[1]] }
    if (Array.isArray(value) && value.length === 2 && isPair(value[0], 0) && isPair(value[1], 0))
      return { rows: value[0], columns: value[1] }
    return this.refuse(key, value)
  }

  /** Axes, counted with the batch, of a map in the order rows, columns, channels; ascending. */
  axes(key: string, fallback: readonly number[] = [-1]): readonly number[] {
    const value = this.take(key) ?? fallback
    const axes = typeof value === 'number' ? [value] : value
    if (!isNumbers(axes) || !axes.every(Number.isInteger)) return this.refuse(key, value)
    return axes.map((axis) => this.#ourAxis(axis)).toSorted((a, b) => a - b)
  }

  /** Whether the file says explicitly that there is none, by `null` or an empty list. */
  isNone(key: string): boolean {
    const value = this.#values.get(key)
    const none = value === null || (Array.isArray(value) && value.length === 0)
    if (none) this.#values.delete(key)
    return none
  }

  /** The channels' axis; any other is refused. */
  channelAxis(key: string): number {
    const rank = this.#rank
    const value = this.take(key) ?? -1
    const axes = typeof value === 'number' ? [value] : value
    return isNumbers(axes) && axes.length === 1 && this.#ourAxis(axes[0]!) === rank - 1
      ? rank - 1
      : this.refuse(key, value)
  }

  choice<T>(key: string, allowed: readonly T[], fallback: T): T {
    const value = this.take(key) ?? fallback
    return allowed.includes(value as T) ? (value as T) : this.refuse(key, value)
  }

  /** Refuses all other values. */
  only(key: string, ...allowed: readonly unknown[]): void {
    const value = this.take(key)
    if (value === undefined || value === null) return
    if (!allowed.some((one) => JSON.stringify(one) === JSON.stringify(value))) this.refuse(key, value)
  }

  /** How a window is padded. */
  padding(): Padding {
    return this.choice<Padding>('padding', ['valid', 'same'], 'valid')
  }

  /** The order of axes has to be the whole network's. */
  dataFormat(): void {
    this.only('data_format', this.context.channelsFirst ? 'channels_first' : 'channels_last')
  }

  /** For layers that work along the file's last axis, which is a row's columns in a `channels_first` network. */
  needsChannelsLast(): void {
    if (this.isChannelsFirstMap) this.refuse('data_format', 'channels_first')
  }

  /** Has to be called last: keys that have not been read are refused. */
  finish(): void {
    for (const [key, value] of this.#values)
      if (value !== null) this.refuse(key.replace(/^call:/, 'the argument '), value)
  }

  refuse(option: string, value: unknown): never {
    return refuseOption(this.name, this.className, option, value)
  }

  /** The number of the input's axes, with the batch. */
  get #rank(): number {
    return (this.context.inputs?.[0]?.length ?? 3) + 1
  }

  #ourAxis(axis: number): number {
    const positive = axis < 0 ? axis + this.#rank : axis
    return this.isChannelsFirstMap ? ([0, 3, 1, 2][positive] ?? positive) : positive
  }
}

function isPair(value: unknown, least: number): value is Pair {
  return Array.isArray(value) && value.length === 2 && value.every((n) => isWhole(n, least))
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isNumber)
}

/** JSON has no infinite numbers, but some that are too large. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least
}
