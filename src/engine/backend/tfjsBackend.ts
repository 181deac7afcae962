/** @file Starts tfjs' backends, and frees what they keep. `chooseBackend` decides which one is used. */
import * as tf from '@tensorflow/tfjs'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgl'
import { type BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import wasmPlain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import { type BackendName, backendNames } from '../../core/backendNames.ts'
import { appError, messageOf } from '../../core/errors.ts'
import { registerConvolutions } from './kernels/convolution/register.ts'
import { waitPromptly } from './promptTimer.ts'
import { checkAllocations, reserve } from './wasmHeap.ts'
import { checkTextures, dropFreeTextures } from './webglTextures.ts'

/** What each backend needs once, besides tfjs' own start. */
const prepared = new Set<BackendName>()

const preparation: Readonly<
  Record<BackendName, { before(): Promise<void> | void; after(): Promise<void> | void }>
> = {
  wasm: {
    before() {
      // tfjs wants an address for the program with threads too, and never loads it without them.
      setWasmPaths({
        'tfjs-backend-wasm.wasm': wasmPlain,
        'tfjs-backend-wasm-simd.wasm': wasmSimd,
        'tfjs-backend-wasm-threaded-simd.wasm': wasmSimd,
      })
      // Threads break in minified builds and need special headers; workers side by side scale better anyway.
      tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
      registerConvolutions()
    },
    after: () => checkAllocations(tf.backend() as BackendWasm),
  },
  webgl: {
    before() {
      waitPromptly()
      // In Safari tfjs would look for a canvas of the page, because of fences that older versions never signal; a
      // worker has no such canvas.
      tf.env().set('IS_SAFARI', false)
    },
    after: () => checkTextures(tf.backend() as MathBackendWebGL),
  },
  webgpu: {
    before: async () => (await import('./webgpuBackend.ts')).checkAdapter(),
    after: async () => (await import('./webgpuBackend.ts')).endOnErrors(tf.backend() as WebGPUBackend),
  },
}

/** Makes tfjs compute with this backend from now on. Throws `backend/unavailable`. */
export async function useBackend(name: BackendName): Promise<void> {
  tf.enableProdMode()
  const first = !prepared.has(name)
  try {
    if (first) await preparation[name].before()
    if (!(await tf.setBackend(name))) throw new Error('it does not initialise')
    await tf.ready()
    if (first) await preparation[name].after()
    prepared.add(name)
  } catch (error) {
    throw appError('backend/unavailable', { backend: backendNames[name], reason: messageOf(error) })
  }
}

export function backendName(): BackendName {
  return tf.getBackend() as BackendName
}

/** The bytes that tensors take now: the WASM heap, or what tfjs knows of the graphics card's memory. */
export function backendBytes(): number {
  const backend = tf.backend() as Partial<BackendWasm>
  if (backend.wasm) return backend.wasm.HEAPU8.length
  const memory = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number }
  return memory.numBytesInGPU ?? memory.numBytes
}

/** Grows the heap of WASM; see `reserve`. */
export function reserveHeap(bytes: number): void {
  reserve(tf.backend() as BackendWasm, bytes)
}

/** Frees what the backend keeps for passes of another size. */
export function freeUnused(): void {
  if (backendName() === 'webgl') dropFreeTextures(tf.backend() as MathBackendWebGL)
}
