/**
 * @file A limit for the memory that HDF5 takes. It takes as much as a file says that a text, an array or a list is long before it reads
 * any of it, so a few damaged bytes would cost up to 2 GB, which a WebAssembly program never gives back. emscripten has no limit that
 * could be set later, so what HDF5 calls to get more memory is replaced while the program is made. Can go when h5wasm takes one.
 */

/** In bytes, of all the program's memory. */
let most = Infinity
let wasRefused = false

type Instantiate = (program: BufferSource, imports?: WebAssembly.Imports) => Promise<unknown>
type Grow = (bytes: number) => number

/** Runs `load`, which makes the program. */
export async function withLimitedMemory<T>(load: () => Promise<T>): Promise<T> {
  const { instantiate } = WebAssembly
  const limited: Instantiate = (program, imports) =>
    (instantiate as Instantiate)(program, imports && limitedImports(imports))
  Object.assign(WebAssembly, { instantiate: limited })
  try {
    return await load()
  } finally {
    Object.assign(WebAssembly, { instantiate })
  }
}

/** emscripten makes some imports only when they are asked for. */
function limitedImports(imports: WebAssembly.Imports): WebAssembly.Imports {
  const { env } = imports
  if (!env) return imports
  const limited = new Proxy(env, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name)
      return name === 'emscripten_resize_heap' ? limitedGrowth(found as Grow) : found
    },
  })
  return { ...imports, env: limited }
}

/** A program is told 0 if there is no more memory; HDF5 then ends what it does with an error. */
function limitedGrowth(grow: Grow): Grow {
  return (bytes) => {
    // Numbers of 32 bits come with a sign.
    if (bytes >>> 0 <= most) return grow(bytes)
    wasRefused = true
    return 0
  }
}

/** HDF5 has asked for more memory than it may have. */
export class MemoryRefused extends Error {}

/**
 * Runs `action`, in which HDF5 may have `bytes` in all. If it asks for more, this throws `MemoryRefused`, whatever came of it: h5wasm may
 * give what HDF5 had no memory for as if it were empty.
 */
export function withMemory<T>(bytes: number, action: () => T): T {
  most = bytes
  wasRefused = false
  try {
    const value = action()
    if (!wasRefused) return value
  } catch (error) {
    if (!wasRefused || error instanceof WebAssembly.RuntimeError) throw error
  } finally {
    most = Infinity
  }
  throw new MemoryRefused('HDF5 asks for too much memory')
}
