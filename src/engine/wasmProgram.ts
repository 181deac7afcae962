/** @file Small SIMD programs of our own that work in the heap of tfjs' WASM backend. */
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
