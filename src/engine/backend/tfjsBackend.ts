/** @file Starts tfjs' backends, and frees what they keep. `chooseBackend` decides which one is used. */
import * as tf from '@tensorflow/tfjs'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type BackendName, backendNames } from '../../core/backendNames.ts'
import { appError, messageOf } from '../../core/errors.ts'
import { reserve } from './wasmHeap.ts'
import { dropFreeTextures } from './webglTextures.ts'

/** A backend's module registers all kernels for it, and knows what the backend needs once, besides tfjs' own start. */
interface BackendModule {
  beforeStart(): Promise<void> | void
  afterStart(): Promise<void> | void
}

type WasmModule = typeof import('./wasmBackend.ts')

const modules: Readonly<Record<BackendName, () => Promise<BackendModule>>> = {
  wasm: async () => (wasm = await import('./wasmBackend.ts')),
  webgl: () => import('./webglBackend.ts'),
  webgpu: () => import('./webgpuBackend.ts'),
}

let wasm: WasmModule | null = null

/** The backends that have started. */
const prepared = new Set<BackendName>()

/** Begins to load a backend that will be wanted soon. A failure is told when it is to start. */
export function preload(name: BackendName): void {
  modules[name]().catch(() => {})
}

/** Makes tfjs compute with this backend from now on. Throws `backend/unavailable`. */
export async function useBackend(name: BackendName): Promise<void> {
  tf.enableProdMode()
  const first = !prepared.has(name)
  try {
    const backend = await modules[name]()
    if (first) await backend.beforeStart()
    if (!(await tf.setBackend(name))) throw new Error('it does not initialise')
    await tf.ready()
    if (first) await backend.afterStart()
    prepared.add(name)
  } catch (error) {
    throw appError('backend/unavailable', { backend: backendNames[name], reason: messageOf(error) })
  }
}

/** Our own kernels for WASM; null while another backend computes. */
export function wasmKernels(): WasmModule | null {
  return tf.getBackend() === 'wasm' ? wasm : null
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
