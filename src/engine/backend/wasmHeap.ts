/**
 * @file A workaround: tfjs does not look whether the WASM heap could give what it asks for. `malloc` answers 0 then,
 * tensors lie over each other from address 0 on, and all numbers are wrong without a word (tfjs-backend-wasm 4.22,
 * `BackendWasm.move`). Here such an allocation throws.
 * Can go when tfjs checks it.
 */
/* oxlint-disable no-underscore-dangle -- as tfjs names it */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { OutOfMemory } from './outOfMemory.ts'

/** For what kernels take behind tfjs' back: pointers to the windows of convolutions, mostly. */
const slack = 32e6

/** From now on an allocation that fails throws `OutOfMemory`. Once for each backend. */
export function checkAllocations({ wasm }: BackendWasm): void {
  // With its first call Emscripten puts the real function in place of this one, and would undo what is done here.
  wasm._free(wasm._malloc(1))
  const malloc = wasm._malloc
  wasm._malloc = (bytes) => {
    const address = malloc(bytes)
    if (address === 0 && bytes > 0) throw new OutOfMemory()
    return address
  }
}

/**
 * Grows the heap until `bytes` and some more are free in one piece, so that nothing fails in the middle of a pass:
 * XNNPACK's own allocations are nobody's to check. Throws `OutOfMemory`.
 */
export function reserve({ wasm }: BackendWasm, bytes: number): void {
  wasm._free(wasm._malloc(bytes + slack))
}
