/** @file Plain data with typed arrays, cut into JSON and the arrays, as a snapshot holds it. Numbers are little-endian. */
import { FieldProblem, object, whole, within } from '../../fields.ts'
import type { StoredArray } from '../../scan/storedArrays.ts'

/** Says in the JSON where an array lies. */
export interface ArrayAt {
  readonly array: ArrayType
  /** Its first byte, counted from the file's: a multiple of eight. */
  readonly start: number
  /** How many numbers it has. */
  readonly length: number
}

const types = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const

type ArrayType = keyof typeof types

/** Arrays begin at a multiple of this, so that they can be looked at where they lie. */
export const alignment = 8

/** The depth of what is packed is 6. */
const deepest = 20

/** Replaces the arrays in a value by where `store` puts them. */
export function packed(value: unknown, store: (array: StoredArray) => ArrayAt): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) return store(value as StoredArray)
  if (Array.isArray(value)) return value.map((one) => packed(one, store))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, packed(one, store)]))
}

/** Throws if it is none of those that can be stored. */
export function typeOf(array: StoredArray): ArrayType {
  const found = Object.entries(types).find(([, type]) => array instanceof type)
  if (!found) throw new TypeError(`cannot store ${array}`)
  return found[0] as ArrayType
}

const placeFields = object({ start: whole(0, Number.MAX_SAFE_INTEGER), length: whole(0) })

/**
 * Replaces the places in a value by their arrays, which are looked at where they lie in `bytes`; the first of these is byte
 * `start` of the file. So no more memory is taken than the file has bytes, whatever it says.
 */
export function unpacked(value: unknown, bytes: Uint8Array, start: number, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > deepest) throw new FieldProblem('is nested too deeply')
  if (Array.isArray(value))
    return value.map((one, i) => inside(i, () => unpacked(one, bytes, start, depth + 1)))
  if (Object.hasOwn(value, 'array')) return arrayAt(value as ArrayAt, bytes, start)
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      inside(key, () => unpacked(one, bytes, start, depth + 1)),
    ]),
  )
}

function inside<T>(key: string | number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw within(error, key)
  }
}

function arrayAt(value: ArrayAt, bytes: Uint8Array, offset: number): StoredArray {
  if (!Object.hasOwn(types, value.array)) throw new FieldProblem('is of an unknown type').within('array')
  const type = types[value.array]
  const { start, length } = placeFields(value)
  const from = start - offset
  if (start % alignment !== 0 || from < 0 || from + length * type.BYTES_PER_ELEMENT > bytes.length)
    throw new FieldProblem('lies elsewhere than it may')
  return new type(bytes.buffer as ArrayBuffer, bytes.byteOffset + from, length)
}
