/**
 * @file The attributes of one node by allow-list, as `LayerConfig` for Keras: one that has not been read and is not known
 * to be harmless is refused by name.
 */
import { refuseOption } from '../refusedOption.ts'

/** Types of operands (`T`, `Tidx`), lengths that the inputs say as well, and the device that the node should run on. */
const harmless = new Set([
  'N',
  'U',
  'SrcT',
  'Index',
  'dtype',
  'out_type',
  'num_args',
  'num_split',
  'host_args',
  'num_host_args',
  'message',
  'grad_a',
  'grad_b',
  'use_cudnn_on_gpu',
  'exponential_avg_factor',
])
const isHarmless = (key: string): boolean => harmless.has(key) || /^[T_]/.test(key)

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export class Attributes {
  readonly #node: string
  readonly #op: string
  readonly #values: Readonly<Record<string, unknown>>
  readonly #read = new Set<string>()

  constructor(node: string, op: string, values: Readonly<Record<string, unknown>>) {
    this.#node = node
    this.#op = op
    this.#values = values
  }

  integer(key: string, fallback: number): number {
    return this.#whole(key, this.#take(key, 'i') ?? fallback)
  }

  float(key: string, fallback: number): number {
    const value = Number(this.#take(key, 'f') ?? fallback)
    return Number.isNaN(value) ? this.refuse(key, this.#values[key]) : value
  }

  flag(key: string): boolean {
    return this.#take(key, 'b') === true
  }

  text(key: string, fallback: string): string {
    const value = this.#take(key, 's')
    return value === undefined ? fallback : decodeText(value)
  }

  /** A type as `DT_FLOAT`; an empty text if there is none. */
  type(key: string): string {
    const type = this.#take(key, 'type') ?? ''
    return typeof type === 'string' || typeof type === 'number' ? String(type) : this.refuse(key, type)
  }

  integers(key: string): readonly number[] {
    return this.#list(key, 'i').map((value) => this.#whole(key, value))
  }

  texts(key: string): readonly string[] {
    return this.#list(key, 's').map(decodeText)
  }

  /** The `TensorShapeProto`, for `readShape`. */
  shape(key: string): unknown {
    return this.#take(key, 'shape')
  }

  ignore(...keys: string[]): void {
    for (const key of keys) this.#read.add(key)
  }

  /** Has to be called last: attributes that have not been read are refused. */
  finish(): void {
    for (const key of Object.keys(this.#values))
      if (!isHarmless(key) && !this.#read.has(key)) this.refuse(key, this.#values[key])
  }

  refuse(option: string, value: unknown): never {
    return refuseOption(this.#node, this.#op, option, value)
  }

  /** 64-bit numbers are texts in protobuf's JSON. */
  #whole(key: string, value: unknown): number {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    return Number.isSafeInteger(number) ? (number as number) : this.refuse(key, this.#values[key])
  }

  #take(key: string, field: string): unknown {
    this.#read.add(key)
    const value = this.#values[key]
    return isRecord(value) ? value[field] : undefined
  }

  #list(key: string, field: string): readonly unknown[] {
    const list = this.#take(key, 'list')
    const items = isRecord(list) ? list[field] : undefined
    return Array.isArray(items) ? items : []
  }
}

/** Lengths with the batch, null for open ones; null for a shape that the file leaves open altogether. */
export function readShape(proto: unknown): readonly (number | null)[] | null {
  if (!isRecord(proto) || proto['unknownRank'] === true) return null
  const dims: unknown = proto['dim'] ?? []
  if (!Array.isArray(dims)) return null
  return dims.map((dim: unknown) => {
    const length = Number(isRecord(dim) ? (dim['size'] ?? 0) : -1)
    return length > 0 ? length : null
  })
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** `value` is Base64, as in protobuf's JSON, or a list of character codes, as some programs write it. Names are ASCII. */
function decodeText(value: unknown): string {
  if (Array.isArray(value)) return value.map((code) => String.fromCharCode(Number(code))).join('')
  let bits = 0
  let held = 0
  let text = ''
  for (const digit of String(value).replace(/=+$/, '')) {
    bits = (bits << 6) | digits.indexOf(digit)
    held += 6
    if (held < 8) continue
    held -= 8
    text += String.fromCharCode((bits >> held) & 255)
    bits &= (1 << held) - 1
  }
  return text
}
