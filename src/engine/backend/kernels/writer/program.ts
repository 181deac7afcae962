/**
 * @file Writes WebAssembly programs: functions in TypeScript that lay down instructions, at run time, as tables, tiles and
 * the layer's shape ask for. So there is no build step and no binary in the repository, and what a kernel is made for is
 * an argument. A program has functions only; its memory is imported, as `env.memory`.
 *
 *     const program = writeProgram({
 *       double(f) {
 *         const [numbers, end] = [f.parameter(), f.parameter()]
 *         f.repeat(() => {
 *           f.store(numbers, loadF32x4(numbers).add(loadF32x4(numbers)))
 *           f.step(numbers, 16)
 *           return numbers.ltU(end)
 *         })
 *       },
 *     })
 *
 * Programs that use relaxed SIMD are modules of their own, as a browser without it refuses a module as a whole.
 */
import { type Bytes, list, name, sized, unsigned } from './bytes.ts'
import { storeByteCode, storeCode, storeLaneCode } from './memory.ts'
import { type AnyValue, F32x4, I32, type Local, type ValueType, i32, type U8x16, local } from './values.ts'

/** The name of the format, a zero and `asm`, and its version. */
const header: Bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

/** Lays down the statements of one function, in the order in which its methods are called. */
export class FunctionWriter {
  #parameters = 0
  readonly #locals: number[] = []
  readonly #code: number[] = []

  /** The next number that the caller hands over. All of them come before the first local. */
  parameter(): Local<I32> {
    if (this.#locals.length > 0) throw new Error('a parameter behind a local')
    return local(I32, this.#parameters++)
  }

  /** A new variable. It is 0 at first. */
  local<T extends AnyValue>(type: ValueType<T>): Local<T> {
    this.#locals.push(type.type)
    return local(type, this.#parameters + this.#locals.length - 1)
  }

  /** A new variable that holds `value`, which is computed here and now. */
  keep<T extends AnyValue>(value: T): Local<T> {
    const kept = this.local(value.constructor as ValueType<T> & (new (code: Bytes) => T))
    this.set(kept, value)
    return kept
  }

  set<T extends AnyValue>(variable: Local<T>, value: NoInfer<T>): void {
    this.#code.push(...value.code, 0x21, ...unsigned(variable.local))
  }

  /** Adds to a variable. */
  step(variable: Local<I32>, by: I32 | number): void {
    this.set(variable, variable.add(by) as Local<I32>)
  }

  store(address: I32, value: AnyValue, offset = 0): void {
    this.#code.push(...storeCode(address, value, offset))
  }

  /** Stores the lowest byte. */
  storeByte(address: I32, value: I32, offset = 0): void {
    this.#code.push(...storeByteCode(address, value, offset))
  }

  /** Stores the first `lanes` numbers (four bytes each), 1 to 4, and touches nothing behind them. */
  storeLanes(address: I32, value: F32x4 | U8x16, lanes: number, offset = 0): void {
    if (lanes === 4) return this.store(address, value, offset)
    if (lanes > 1) this.#code.push(...storeLaneCode(address, value, 0, true, offset))
    if (lanes % 2 === 1)
      this.#code.push(...storeLaneCode(address, value, lanes - 1, false, offset + 4 * (lanes - 1)))
  }

  /** Does `body` once, and again as long as the condition that it returns is true. */
  repeat(body: () => I32): void {
    this.#code.push(0x03, 0x40)
    this.#code.push(...body().code, 0x0d, 0, 0x0b)
  }

  when(condition: I32, then: () => void, otherwise?: () => void): void {
    this.#code.push(...condition.code, 0x04, 0x40)
    then()
    if (otherwise) {
      this.#code.push(0x05)
      otherwise()
    }
    this.#code.push(0x0b)
  }

  copyMemory(to: I32, from: I32, bytes: I32 | number): void {
    this.#code.push(...to.code, ...from.code, ...i32(bytes).code, 0xfc, 10, 0, 0)
  }

  /** Makes `bytes` bytes 0. */
  clearMemory(from: I32, bytes: I32 | number): void {
    this.#code.push(...from.code, ...i32(0).code, ...i32(bytes).code, 0xfc, 11, 0)
  }

  /** Numbers in, nothing out. */
  get type(): Bytes {
    return [0x60, ...list(Array.from({ length: this.#parameters }, () => [I32.type])), ...list([])]
  }

  get body(): Bytes {
    return sized(list(this.#locals.map((type) => [1, type])).concat(this.#code, 0x0b))
  }
}

/** A module that exports these functions; they take whole numbers and return nothing. */
export function writeProgram(
  functions: Readonly<Record<string, (f: FunctionWriter) => void>>,
): Uint8Array<ArrayBuffer> {
  const names = Object.keys(functions)
  const writers = Object.values(functions).map((write) => {
    const writer = new FunctionWriter()
    write(writer)
    return writer
  })
  // The import of one memory that has at least one page.
  const memory = [...name('env'), ...name('memory'), 2, 0, 1]
  const section = (id: number, items: readonly Bytes[]): number[] => [id].concat(sized(list(items)))
  const sections = [
    section(
      1,
      writers.map(({ type }) => type),
    ),
    section(2, [memory]),
    section(
      3,
      writers.map((_, i) => unsigned(i)),
    ),
    section(
      7,
      names.map((text, i) => [...name(text), 0, ...unsigned(i)]),
    ),
    section(
      10,
      writers.map(({ body }) => body),
    ),
  ]
  return new Uint8Array(header.concat(...sections))
}
