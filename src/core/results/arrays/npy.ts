/**
 * @file The files of NumPy's arrays: `.npy` in version 1.0 of its format, a text that tells type and shape, and behind it the
 * numbers in C order, the last axis the fastest. An `.npz` is a zip of them.
 *
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * The numbers are written as they lie in memory, which is little-endian wherever there is WebAssembly.
 */

/** Texts are kept apart from numbers, as they are encoded only when they are written. */
export type ArrayData =
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | { readonly flags: Uint8Array }
  | { readonly texts: readonly string[] }

export interface NamedArray {
  /** As Python finds it: `np.load(file)[name]`. */
  readonly name: string
  /** Empty for a single value. The product of its numbers is the number of values. */
  readonly shape: readonly number[]
  readonly data: ArrayData
}

/** How many texts are encoded at once. */
const textsAtOnce = 2 ** 14

/** The file in pieces, of which none is longer than the array or 16,384 of its texts. */
export function* npyPieces({ shape, data }: NamedArray): Generator<Uint8Array<ArrayBuffer>> {
  if ('texts' in data) {
    // NumPy has no type for texts of no characters.
    const width = data.texts.reduce((longest, text) => Math.max(longest, pointsOf(text)), 1)
    yield header(`<U${width}`, shape)
    for (let at = 0; at < data.texts.length; at += textsAtOnce)
      yield encoded(data.texts.slice(at, at + textsAtOnce), width)
    return
  }
  const numbers = 'flags' in data ? data.flags : data
  yield header(typeOf(numbers), shape)
  yield new Uint8Array(numbers.buffer as ArrayBuffer, numbers.byteOffset, numbers.byteLength)
}

function typeOf(numbers: ArrayBufferView): string {
  if (numbers instanceof Int32Array) return '<i4'
  if (numbers instanceof BigInt64Array) return '<i8'
  if (numbers instanceof Float32Array) return '<f4'
  return numbers instanceof Float64Array ? '<f8' : '|b1'
}

/** What comes before the numbers is a multiple of this, so that they can be mapped into memory. */
const alignment = 64

/** The magic bytes, the version and the length of the text, which ends with spaces and a line feed. */
function header(type: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = `${shape.join(', ')}${shape.length === 1 ? ',' : ''}`
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`
  const before = 10
  const length = Math.ceil((before + text.length + 1) / alignment) * alignment
  const bytes = new Uint8Array(length).fill(' '.charCodeAt(0))
  bytes.set([0x93, ...ascii('NUMPY'), 1, 0])
  new DataView(bytes.buffer).setUint16(8, length - before, true)
  bytes.set(ascii(text), before)
  bytes[length - 1] = '\n'.charCodeAt(0)
  return bytes
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0))
}

function pointsOf(text: string): number {
  let points = 0
  for (const _ of text) points++
  return points
}

/** UTF-32, each text filled up with zeros. */
function encoded(texts: readonly string[], width: number): Uint8Array<ArrayBuffer> {
  const points = new Uint32Array(texts.length * width)
  for (const [row, text] of texts.entries()) {
    let at = row * width
    for (const letter of text) points[at++] = letter.codePointAt(0)!
  }
  return new Uint8Array(points.buffer)
}
