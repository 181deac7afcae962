/** @file Describes a convolution of tensors in the heap of tfjs' WASM backend, for the functions that run it. */
import type * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { wasmPrograms } from '../wasmProgram.ts'
import { writeProgram } from '../writer/program.ts'
import { f32x4, i32 } from '../writer/values.ts'
import type { ConvolutionShape, Epilogue } from './shape.ts'
import type { Arithmetic } from './tiles.ts'

/** A convolution of one shape. */
export interface Job {
  readonly backend: BackendWasm
  readonly shape: ConvolutionShape
  readonly epilogue: Epilogue
  readonly arithmetic: Arithmetic
  readonly images: number
}

export interface Operands {
  readonly x: tf.TensorInfo
  readonly filter: tf.TensorInfo
  readonly bias: tf.TensorInfo | undefined
  /**
   * If there are any, the filter of each output channel is multiplied by its factor when it is packed, and the packed one
   * belongs to `bias`: the filter may be in use with other factors.
   */
  readonly factors?: Float64Array | undefined
  /** If it is there, the filter is not the tensor's, but made of its numbers when it is packed. */
  readonly turned?: TurnedFilter
}

/** `[row, column, input channel of a group, output channel]`, of a convolution in the other direction. */
export interface TurnedFilter {
  /** Is the same for two of a tensor's only if they are equal. */
  readonly key: string
  of(filter: Float32Array): Float32Array
}

/** Convolves one image, or several that are one map, at these addresses. A map with margins comes with a frame of zeros. */
export interface Runner {
  readonly scratchBytes: number
  run(input: number, output: number, scratch: number, images: number): void
}

/** The programs of all convolutions. */
export const programOf = wasmPrograms()

const known = new WeakMap<BackendWasm, Arithmetic | null>()

/** Returns what the browser's SIMD can do, or null if it has none. */
export function arithmeticOf(backend: BackendWasm): Arithmetic | null {
  let found = known.get(backend)
  if (found === undefined) known.set(backend, (found = detected()))
  return found
}

function detected(): Arithmetic | null {
  const one = f32x4(1)
  if (!WebAssembly.validate(writeProgram({ test: (f) => f.store(i32(0), one) }))) return null
  const fused = writeProgram({ test: (f) => f.store(i32(0), one.relaxedMadd(one, one)) })
  return WebAssembly.validate(fused) ? 'fused' : 'plain'
}

/** The tensor's numbers in the heap. They are valid until the next allocation, which may move the heap. */
export function numbersOf(backend: BackendWasm, tensor: tf.TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array
}

/** The filter's numbers; valid until the next allocation. */
export function filterOf(backend: BackendWasm, { filter, turned }: Operands): Float32Array {
  const numbers = numbersOf(backend, filter)
  return turned ? turned.of(numbers) : numbers
}

/** The key of what is packed of a filter. */
export function packedKey(kernel: string, { turned }: Operands): string {
  return turned ? `${kernel} ${turned.key}` : kernel
}

/** The tensor that packed weights are freed with. */
export function ownerOf({ filter, bias, factors }: Operands): tf.TensorInfo {
  return factors ? bias! : filter
}

export function addressOf(backend: BackendWasm, { dataId }: tf.TensorInfo): number {
  return backend.dataIdMap.get(dataId).memoryOffset
}
