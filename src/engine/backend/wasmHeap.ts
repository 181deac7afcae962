/**
 * @file A workaround: tfjs does not check whether an allocation in the WASM heap has failed. Then `malloc` returns 0,
 * tensors overlap from address 0 on, and all numbers are wrong without an error (tfjs-backend-wasm 4.22,
 * `BackendWasm.move`). Here such an allocation throws. This can go when tfjs checks it.
 */
/* oxlint-disable no-underscore-dangle -- as tfjs names it */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { OutOfMemory } from './outOfMemory.ts'

/** Allows for what kernels allocate themselves: mostly pointers to the windows of convolutions. */
const slack = 32e6

/** Makes allocations that fail throw `OutOfMemory` from now on. To be called once for each backend. */
export function checkAllocations({ wasm }: BackendWasm): void {
  // At the first call Emscripten replaces this function by the real one, which would undo what is done here.
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
 * XNNPACK's own allocations cannot be checked. Throws `OutOfMemory`.
 */
export function reserve({ wasm }: BackendWasm, bytes: number): void {
  wasm._free(wasm._malloc(bytes + slack))
}
