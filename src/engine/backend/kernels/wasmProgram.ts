/** @file Small SIMD programs of our own that work in the heap of tfjs' WASM backend. */
/* oxlint-disable no-underscore-dangle -- as tfjs names it */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

/** By tfjs' WASM module. */
type Instances = WeakMap<object, WebAssembly.Exports | null>

/**
 * `url`: the program, inline; it imports `env.memory`. Returns what gives its exports for a backend: null where the
 * browser has no SIMD.
 */
export function wasmProgram<T>(url: string): (backend: BackendWasm) => T | null {
  const instances: Instances = new WeakMap()
  return ({ wasm }) => {
    let exports = instances.get(wasm)
    if (exports === undefined) instances.set(wasm, (exports = load(url, wasm)))
    return exports as T | null
  }
}

function load(url: string, wasm: BackendWasm['wasm']): WebAssembly.Exports | null {
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (c) => c.charCodeAt(0))
  if (!WebAssembly.validate(bytes)) return null
  // As Emscripten hands it out; tfjs' types do not know it.
  const { memory } = (wasm as unknown as { asm: { memory: WebAssembly.Memory } }).asm
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports
}

/** Numbers of channels as programs take and leave them: rows, each rounded up to 16 bytes. */
export interface ChannelRows {
  /** Of the first row. */
  readonly address: number
  /** The numbers of a row; valid until somebody allocates, which may move the heap. */
  floats(row: number): Float32Array
  whole(row: number): Uint32Array
}

/** `use` has so many rows for `channels` numbers each; they are free again when it returns. Throws `OutOfMemory`. */
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
      floats: (row) => new Float32Array(wasm.HEAPU8.buffer, address + row * bytes, channels),
      whole: (row) => new Uint32Array(wasm.HEAPU8.buffer, address + row * bytes, channels),
    })
  } finally {
    wasm._free(address)
  }
}
