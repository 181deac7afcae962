/**
 * @file Numbers of an HDF5 dataset as floats. They are read as bytes and converted here, because h5wasm 0.10.3 throws
 * at half precision, and in parts, because its memory never shrinks again.
 */
import type { Dataset } from 'h5wasm'
import { elementCount } from '../../../core/model/network.ts'
import { floatsOfHalves } from './bytes.ts'

export type H5Module = Awaited<(typeof import('h5wasm'))['ready']>

/** Filters that h5wasm undoes; with any other it returns garbage without an error (TECH.md, section 2). */
const knownFilters = new Set([1, 2, 3]) // gzip, shuffle, fletcher32

const partBytes = 16e6

const classes: Readonly<Record<number, string>> = { 0: 'integer', 1: 'float', 3: 'string', 8: 'enumeration' }

/** The type, as `float32` or `int8`. Keras stores bfloat16 as integers and says so in an attribute. */
export function typeOfDataset(dataset: Dataset): string {
  const { type, size: bytes, signed } = dataset.metadata
  const said = dataset.attrs['dtype']?.value
  if (said !== undefined) return String(said)
  if (type === 0) return `${signed ? 'int' : 'uint'}${8 * bytes}`
  return type === 1 ? `float${8 * bytes}` : (classes[type] ?? 'data of another kind')
}

/** Is null if the dataset holds no floats of 16, 32 or 64 bits. Throws a plain Error. */
export function readDataset(dataset: Dataset, module: H5Module): Float32Array | null {
  const { type, size: bytes } = dataset.metadata
  if (type !== 1 || ![2, 4, 8].includes(bytes)) return null
  const filter = dataset.filters.find(({ id }) => !knownFilters.has(id))
  if (filter)
    throw new Error(`the array ${dataset.path} is compressed with ${filter.name}, which cannot be read`)

  const shape = dataset.shape ?? []
  const values = new Float32Array(elementCount(shape))
  const rows = shape[0] ?? 1
  const rowLength = values.length / rows
  const rowsAtOnce = Math.max(1, Math.floor(partBytes / (rowLength * bytes)))
  if (rowLength === 0) return values
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - row)
    readPart(dataset, module, row, count, count * rowLength * bytes, (buffer, at) =>
      values.set(floatsAt(buffer, at, count * rowLength, bytes), row * rowLength),
    )
  }
  return values
}

/** `take` gets memory, valid during the call only, in which the numbers begin at `at`. */
function readPart(
  { file_id, path, shape }: Dataset,
  module: H5Module,
  row: number,
  rows: number,
  bytes: number,
  take: (buffer: ArrayBufferLike, at: number) => void,
): void {
  const { _malloc: allocate, _free: free } = module
  const pointer = allocate(bytes)
  if (pointer === 0) throw new Error(`there is no memory for the array ${path}`)
  try {
    const ranges = shape && shape.length > 0 ? [rows, ...shape.slice(1)].map(BigInt) : null
    const offset = ranges && ranges.map((_, axis) => (axis === 0 ? BigInt(row) : 0n))
    const strides = ranges && ranges.map(() => 1n)
    module.get_dataset_data(file_id, path, ranges, offset, strides, BigInt(pointer))
    take(module.HEAPU8.buffer, pointer)
  } finally {
    free(pointer)
  }
}

/** HDF5 has already put the bytes into this machine's order. */
function floatsAt(buffer: ArrayBufferLike, at: number, count: number, bytes: number): ArrayLike<number> {
  if (bytes === 2) return floatsOfHalves(new Uint16Array(buffer, at, count))
  return bytes === 4 ? new Float32Array(buffer, at, count) : new Float64Array(buffer, at, count)
}
