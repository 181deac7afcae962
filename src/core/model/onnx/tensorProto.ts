/**
 * @file An array of a file (`TensorProto`), of which only name, shape and place are read when the model is opened. Its numbers
 * come from the file at each call: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { floatOfHalf } from '../halfPrecision.ts'
import { shownValue } from '../../shownValue.ts'
import { elementCount } from '../network.ts'
import { putTurned, type Turned, turnedFloats } from './turned.ts'
import { BrokenFile, type ByteSource, type Range, viewOf, type WireReader } from './wire.ts'

/** Where an array lies that is not in the model's own file; as the file says it, so to be believed no more than a stranger. */
interface ExternalPlace {
  readonly location: string
  readonly offset: number
  /** Is null if the file does not tell: up to the end of what the shape needs. */
  readonly length: number | null
}

export interface StoredTensor {
  readonly name: string
  readonly shape: readonly number[]
  /** A name as `float32`; `type 23` for one that is not known. */
  readonly type: string
  /** Reads anew at each call; null for a type that is not read as numbers. Throws `BrokenFile`. */
  numbers(): Float64Array | null
  /** As `numbers`, rounded to float32. */
  floats(turned?: Turned): Float32Array | null
}

/** The files beside the model in which arrays lie. */
export interface ExternalFiles {
  /** Is told of each when the model is opened. */
  needs(location: string): void
  /** Throws if it is not there. */
  open(location: string): ByteSource
}

/** `TensorProto.DataType`: the name, and how a number is read from bytes. */
interface DataType {
  readonly name: string
  readonly bytes: number
  readonly at: (view: DataView, position: number) => number
  /** Of numbers that lie in `int32_data` as whole numbers, though they are none. */
  readonly ofBits?: (bits: number) => number
}

const types: Readonly<Record<number, DataType>> = {
  1: { name: 'float32', bytes: 4, at: (view, i) => view.getFloat32(i, true) },
  2: { name: 'uint8', bytes: 1, at: (view, i) => view.getUint8(i) },
  3: { name: 'int8', bytes: 1, at: (view, i) => view.getInt8(i) },
  4: { name: 'uint16', bytes: 2, at: (view, i) => view.getUint16(i, true) },
  5: { name: 'int16', bytes: 2, at: (view, i) => view.getInt16(i, true) },
  6: { name: 'int32', bytes: 4, at: (view, i) => view.getInt32(i, true) },
  7: {
    name: 'int64',
    bytes: 8,
    at: (view, i) => view.getInt32(i + 4, true) * 2 ** 32 + view.getUint32(i, true),
  },
  9: { name: 'bool', bytes: 1, at: (view, i) => view.getUint8(i) },
  10: {
    name: 'float16',
    bytes: 2,
    at: (view, i) => floatOfHalf(view.getUint16(i, true)),
    ofBits: floatOfHalf,
  },
  11: { name: 'float64', bytes: 8, at: (view, i) => view.getFloat64(i, true) },
  12: { name: 'uint32', bytes: 4, at: (view, i) => view.getUint32(i, true) },
  13: {
    name: 'uint64',
    bytes: 8,
    at: (view, i) => view.getUint32(i + 4, true) * 2 ** 32 + view.getUint32(i, true),
  },
  16: {
    name: 'bfloat16',
    bytes: 2,
    at: (view, i) => brainFloatOf(view.getUint16(i, true)),
    ofBits: brainFloatOf,
  },
}

/** The type by its number in the file; those that hold no numbers which are read have a name all the same. */
export function typeName(type: number): string {
  const others: Readonly<Record<number, string>> = {
    8: 'string',
    14: 'complex64',
    15: 'complex128',
    17: 'float8e4m3fn',
    18: 'float8e4m3fnuz',
    19: 'float8e5m2',
    20: 'float8e5m2fnuz',
    21: 'uint4',
    22: 'int4',
    23: 'float4e2m1',
  }
  return types[type]?.name ?? others[type] ?? `type ${type}`
}

/** Fields of `TensorProto` that hold numbers, and how they are written. */
const numberFields: Readonly<Record<number, 'fixed32' | 'fixed64' | 'varint'>> = {
  4: 'fixed32',
  5: 'varint',
  7: 'varint',
  10: 'fixed64',
  11: 'varint',
}

export function readTensor(reader: WireReader, message: Range, external: ExternalFiles): StoredTensor {
  const shape: number[] = []
  const entries = new Map<string, string>()
  let [type, name, isExternal] = [0, '', false]
  let raw: Range | null = null
  for (const field of reader.fields(message))
    switch (field.number) {
      case 1:
        shape.push(...reader.numbers(field, 'varint'))
        break
      case 2:
        type = field.value
        break
      case 8:
        name = reader.text(field)
        break
      case 9:
        raw = { start: field.start, end: field.end }
        break
      case 13: {
        const [key, value] = readEntry(reader, field)
        entries.set(key, value)
        break
      }
      case 14:
        isExternal = field.value === 1
    }
  // An array that is checked here has no more numbers than can be counted.
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0) || elementCount(shape) > 2 ** 53)
    throw new BrokenFile(`the array "${name}" has shape ${shownValue(shape)}`)
  const known = types[type]
  if (raw && known) checkLength(name, raw.end - raw.start, known, shape)
  const place = isExternal ? placeOf(name, entries) : null
  if (place) external.needs(place.location)
  const count = elementCount(shape)
  const bytesOf = (as: DataType): ReadBytes | null => {
    if (place) return externalBytes(name, place, external.open(place.location), as, count)
    if (!raw) return null
    const { start } = raw
    return (from, to) => reader.bytes({ start: start + from, end: start + to })
  }
  return {
    name,
    shape,
    type: typeName(type),
    numbers() {
      if (!known) return null
      const read = bytesOf(known)
      const values = new Float64Array(count)
      return read
        ? decoded(read(0, count * known.bytes), known, values)
        : typedNumbers(reader, message, known, values, name)
    },
    floats(turned) {
      if (!known) return null
      const read = bytesOf(known)
      const values = new Float32Array(count)
      if (read) return floatsInPieces(read, known, values, turned ?? { shape: [count], order: [0] })
      return turnedFloats(typedNumbers(reader, message, known, values, name), turned)
    },
  }
}

/** Bytes of an array, counted from its start. */
type ReadBytes = (from: number, to: number) => Uint8Array

/** So much of an array is read at once, so that no large one is in memory twice; and turned within a processor's cache. */
const pieceBytes = 1 << 22

/** Reads rows of the first axis at once, as many as a piece holds but at least one. */
function floatsInPieces(read: ReadBytes, type: DataType, values: Float32Array, turned: Turned): Float32Array {
  const [rows = 1] = turned.shape
  const rowLength = elementCount(turned.shape.slice(1))
  const rowBytes = rowLength * type.bytes
  const atOnce = Math.max(1, Math.floor(pieceBytes / rowBytes))
  for (let row = 0; row < rows; row += atOnce) {
    const end = Math.min(row + atOnce, rows)
    const bytes = read(row * rowBytes, end * rowBytes)
    putTurned(floatsOf(bytes, type, (end - row) * rowLength), values, turned, row)
  }
  return values
}

/** A `StringStringEntryProto`. */
export function readEntry(reader: WireReader, message: Range): [key: string, value: string] {
  const texts = ['', '']
  for (const field of reader.fields(message))
    if (field.number === 1 || field.number === 2) texts[field.number - 1] = reader.text(field)
  return texts as [string, string]
}

function placeOf(name: string, entries: ReadonlyMap<string, string>): ExternalPlace {
  const [offset, length] = ['offset', 'length'].map((key) => entries.get(key))
  const place = {
    location: entries.get('location') ?? '',
    offset: Number(offset ?? 0),
    length: length === undefined ? null : Number(length),
  }
  if (![place.offset, place.length ?? 0].every((n) => Number.isSafeInteger(n) && n >= 0))
    throw new BrokenFile(
      `the array "${name}" lies at ${offset}, ${length} of ${place.location}, which is no place`,
    )
  return place
}

function checkLength(name: string, bytes: number, type: DataType, shape: readonly number[]): void {
  const needed = elementCount(shape) * type.bytes
  if (bytes !== needed)
    throw new BrokenFile(
      `the array "${name}" of shape [${shape.join(', ')}] needs ${needed} bytes and has ${bytes}`,
    )
}

function externalBytes(
  name: string,
  { offset, length, location }: ExternalPlace,
  source: ByteSource,
  type: DataType,
  count: number,
): ReadBytes {
  const end = offset + count * type.bytes
  if ((length !== null && length !== count * type.bytes) || end > source.size)
    throw new BrokenFile(
      `the array "${name}" needs ${count * type.bytes} bytes from byte ${offset} of ${location} on, which has ${source.size}`,
    )
  return (from, to) => source.read(offset + from, offset + to)
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** Those of most files are numbers as they lie in memory, if that begins at a place for such. */
function floatsOf(bytes: Uint8Array, type: DataType, count: number): Float32Array {
  const areFloats = littleEndian && type.name === 'float32' && bytes.byteOffset % 4 === 0
  return areFloats
    ? new Float32Array(bytes.buffer, bytes.byteOffset, count)
    : decoded(bytes, type, new Float32Array(count))
}

function decoded<A extends Float32Array | Float64Array>(bytes: Uint8Array, type: DataType, values: A): A {
  const view = viewOf(bytes)
  for (let i = 0; i < values.length; i++) values[i] = type.at(view, i * type.bytes)
  return values
}

/** The numbers that lie in fields of their type; short ones may be in fields of longer numbers. */
function typedNumbers<A extends Float32Array | Float64Array>(
  reader: WireReader,
  message: Range,
  type: DataType,
  values: A,
  name: string,
): A {
  let count = 0
  for (const field of reader.fields(message)) {
    const wire = numberFields[field.number]
    if (!wire) continue
    for (const number of reader.numbers(field, wire)) {
      if (count < values.length) values[count] = type.ofBits ? type.ofBits(number) : number
      count++
    }
  }
  if (count !== values.length)
    throw new BrokenFile(`the array "${name}" holds ${count} numbers instead of ${values.length}`)
  return values
}

const bitsView = new DataView(new ArrayBuffer(4))

/** The upper half of a float32. */
function brainFloatOf(bits: number): number {
  bitsView.setUint32(0, bits << 16)
  return bitsView.getFloat32(0)
}
