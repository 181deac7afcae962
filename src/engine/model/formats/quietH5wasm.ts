/**
 * @file h5wasm without its printing. HDF5 prints a stack of diagnostics for every damaged file, through the
 * `console.error` that emscripten binds when the module is made, and h5wasm 0.10.3 offers no option to print
 * elsewhere. So `console.error` is replaced while the module is made; later messages land in `lastDiagnostic`, which the
 * reason for the user is taken from. Can go when h5wasm takes `printErr`.
 */
import { withLimitedMemory } from './h5Memory.ts'

type H5wasm = typeof import('h5wasm')

let diagnostics: string[] = []
let loading: Promise<H5wasm> | null = null

export function loadH5wasm(): Promise<H5wasm> {
  loading ??= load()
  return loading
}

/** The innermost of HDF5's complaints since the last call; null if there was none. */
export function lastDiagnostic(): string | null {
  const lines = diagnostics
  diagnostics = []
  // `#014: …/H5HLcache.c line 190 in H5HL__hdr_deserialize(): bad heap free list`
  const innermost = lines.findLast((line) => /^\s*#\d+: /.test(line))
  return innermost?.replace(/^.*?\(\): /, '').trim() ?? null
}

/**
 * Runs `action`, and throws if HDF5 complains meanwhile: h5wasm 0.10.3 passes over that a value could not be read, and gives what lay in
 * its memory before.
 */
export function withoutComplaint<T>(action: () => T): T {
  diagnostics = []
  const value = action()
  if (diagnostics.length > 0) throw new Error('HDF5 has complained')
  return value
}

async function load(): Promise<H5wasm> {
  const { error } = console
  console.error = (...words: unknown[]) => void diagnostics.push(words.join(' '))
  try {
    return await withLimitedMemory(async () => {
      const h5wasm = await import('h5wasm')
      await h5wasm.ready
      return h5wasm
    })
  } catch (reason) {
    // A failed download must not be remembered.
    loading = null
    throw reason
  } finally {
    console.error = error
  }
}
