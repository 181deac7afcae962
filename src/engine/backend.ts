/**
 * @file Which of tfjs' backends runs the network, and why. WebGL on a graphics card is the fastest; software WebGL
 * is about 35 times slower than WASM (TECH.md, section 4), so it is recognised by its renderer's name and left.
 */
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-webgl'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import wasmPlain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import wasmThreaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { appError, messageOf } from '../core/errors.ts'

export type BackendName = 'webgl' | 'wasm'
export type BackendChoice = 'auto' | BackendName

export interface BackendReport {
  readonly name: BackendName
  /** Why it was chosen, as a sentence. */
  readonly reason: string
  /** As WebGL names it; null where there is no WebGL. */
  readonly renderer: string | null
}

const softwareRenderer = /swiftshader|llvmpipe|softpipe|microsoft basic render|software/i

export async function startBackend(choice: BackendChoice): Promise<BackendReport> {
  tf.enableProdMode()
  const renderer = webglRenderer()
  const { name, reason } = decide(choice, renderer)
  try {
    if (name === 'wasm') {
      setWasmPaths({
        'tfjs-backend-wasm.wasm': wasmPlain,
        'tfjs-backend-wasm-simd.wasm': wasmSimd,
        'tfjs-backend-wasm-threaded-simd.wasm': wasmThreaded,
      })
      // Threads break in minified builds and need special headers; workers side by side scale better anyway.
      tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
    }
    if (!(await tf.setBackend(name))) throw new Error('it does not initialise')
    await tf.ready()
  } catch (error) {
    throw appError('backend/unavailable', { backend: label[name], reason: messageOf(error) })
  }
  return { name, reason, renderer }
}

const label: Readonly<Record<BackendName, string>> = { webgl: 'WebGL', wasm: 'WASM' }

function decide(choice: BackendChoice, renderer: string | null): { name: BackendName; reason: string } {
  if (choice !== 'auto') return { name: choice, reason: 'You chose it.' }
  if (renderer === null) return { name: 'wasm', reason: 'There is no WebGL here.' }
  if (softwareRenderer.test(renderer))
    return { name: 'wasm', reason: `WebGL has no graphics card here (${renderer}); WASM is far faster.` }
  return { name: 'webgl', reason: `WebGL runs on ${renderer}.` }
}

/** The name of what draws, from a context made for the purpose. */
function webglRenderer(): string | null {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (!gl) return null
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return renderer
}

/** Bytes that tensors hold now: the WASM heap, or what tfjs knows of the graphics card's memory. */
export function backendBytes(): number {
  const backend = tf.backend() as { wasm?: { HEAPU8: Uint8Array } }
  if (backend.wasm) return backend.wasm.HEAPU8.length
  const memory = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number }
  return memory.numBytesInGPU ?? memory.numBytes
}
