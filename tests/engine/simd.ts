/** @file Browsers whose WebAssembly can do less than this one: they refuse programs with instructions that they lack. */

/** What the browser has: relaxed SIMD, SIMD without it, or no SIMD at all. */
export type Simd = 'relaxed' | 'plain' | 'none'

/** The prefix of all instructions of SIMD, and `f32x4.relaxed_madd` with it. */
const refused: Readonly<Record<Simd, readonly number[] | null>> = {
  relaxed: null,
  plain: [0xfd, 0x85, 0x02],
  none: [0xfd],
}

/**
 * From now on `WebAssembly.validate` refuses such programs, by which tfjs and the engine find out what there is, and
 * `WebAssembly.Module` fails with them, so that a program which is run without asking shows. A program may have the same
 * bytes by chance, as part of a number, and is refused, too.
 */
export function limitSimd(simd: Simd): void {
  const bytes = refused[simd]
  if (!bytes) return
  const { validate, Module } = WebAssembly
  const isRefused = (source: BufferSource): boolean => {
    const program = ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source)
    return program.some((_, i) => bytes.every((byte, k) => program[i + k] === byte))
  }
  WebAssembly.validate = (source) => !isRefused(source) && validate(source)
  WebAssembly.Module = new Proxy(Module, {
    construct(_, [source]: [BufferSource]) {
      if (isRefused(source)) throw new WebAssembly.CompileError('there are unknown instructions')
      return new Module(source)
    },
  })
}
