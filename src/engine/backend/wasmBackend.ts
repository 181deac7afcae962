/** @file tfjs' WASM backend with our own kernels for it; loaded when it is to start. */
import * as tf from '@tensorflow/tfjs'
import { type BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import wasmPlain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import { registerConvolutions } from './kernels/convolution/register.ts'
import { checkAllocations } from './wasmHeap.ts'

export { activationBackByOurs } from './kernels/activationBackWasm.ts'
export { batchNormBySimd } from './kernels/batchNormWasm.ts'
export {
  convolveBackByOurs,
  convolveByOurs,
  convolvesHere,
  packedBytes,
  unpackWayBack,
  unpackWeights,
} from './kernels/convolution/register.ts'
export { chainOnWasm, summarizeOnWasm } from './kernels/channelExtremesWasm.ts'
export { poolBackByOurs } from './kernels/poolBackWasm.ts'
export { runsByOurs } from './kernels/runsWasm.ts'

export function beforeStart(): void {
  // tfjs wants an address for the program with threads too, and never loads it without them.
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmPlain,
    'tfjs-backend-wasm-simd.wasm': wasmSimd,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmSimd,
  })
  // Threads break in minified builds and need special headers; workers side by side scale better anyway.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  registerConvolutions()
}

export function afterStart(): void {
  checkAllocations(tf.backend() as BackendWasm)
}
