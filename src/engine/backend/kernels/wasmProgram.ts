/** @file Small SIMD programs of our own that work in the heap of tfjs' WASM backend. */
/* oxlint-disable no-underscore-dangle -- as tfjs names it */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

/** The instances by tfjs' WASM module. */
type Instances = WeakMap<object, WebAssembly.Exports | null>

type Write = () => Uint8Array<ArrayBuffer>

/**
 * `write` makes the program (`kernels/writer`), once for each backend. Returns a function that gives the program's
 * exports for a backend; null if the browser lacks SIMD.
 */
export function wasmProgram<T>(write: Write): (backend: BackendWasm) => T | null {
  const instances: Instances = new WeakMap()
  return ({ wasm }) => {
    let exports = instances.get(wasm)
    if (exports === undefined) {
      const bytes = write()
      instances.set(wasm, (exports = WebAssembly.validate(bytes) ? load(bytes, wasm) : null))
    }
    return exports as T | null
  }
}

/**
 * Programs by keys, such as layers' shapes: each is written, and made ready, once for each backend that asks for it. They
 * are not validated first, as there are many: whoever asks has found out that the browser takes such programs.
 */
export function wasmPrograms(): <T>(backend: BackendWasm, key: string, write: Write) => T {
  const programs = new WeakMap<object, Map<string, WebAssembly.Exports>>()
  return <T>({ wasm }: BackendWasm, key: string, write: Write) => {
    let own = programs.get(wasm)
    if (!own) programs.set(wasm, (own = new Map()))
    let exports = own.get(key)
    if (!exports) own.set(key, (exports = load(write(), wasm)))
    return exports as T
  }
}

function load(bytes: Uint8Array<ArrayBuffer>, wasm: BackendWasm['wasm']): WebAssembly.Exports {
  // As Emscripten hands it out; tfjs' types do not know it.
  const { memory } = (wasm as unknown as { asm: { memory: WebAssembly.Memory } }).asm
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports
}

/** Rows of numbers, one for each channel, that a program reads and writes; each row is rounded up to 16 bytes. */
export interface ChannelRows {
  /** The address of the first row. */
  readonly address: number
  addressOf(row: number): number
  /** The numbers of a row; valid until the next allocation, which may move the heap. */
  floats(row: number): Float32Array
  whole(row: number): Uint32Array
}

/** Gives `use` rows of `channels` numbers each, which are freed when it returns. Throws `OutOfMemory`. */
export function withRows<T>(
  { wasm }: BackendWasm,
  rows: number,
  channels: number,
  use: (rows: ChannelRows) => T,
): T {
  const bytes = Math.ceil(channels / 4) * 16
  const address = wasm._malloc(rows * bytes) >>> 0
  try {
    return use({
      address,
      addressOf: (row) => address + row * bytes,
      floats: (row) => new Float32Array(wasm.HEAPU8.buffer, address + row * bytes, channels),
      whole: (row) => new Uint32Array(wasm.HEAPU8.buffer, address + row * bytes, channels),
    })
  } finally {
    wasm._free(address)
  }
}

/** `use` has so many bytes of the heap, by their address; they are free again when it returns. Throws `OutOfMemory`. */
export function withBytes<T>({ wasm }: BackendWasm, bytes: number, use: (address: number) => T): T {
  const address = wasm._malloc(bytes) >>> 0
  try {
    return use(address)
  } finally {
    wasm._free(address)
  }
}
