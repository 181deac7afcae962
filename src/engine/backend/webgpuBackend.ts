/**
 * @file tfjs' WebGPU backend, which is experimental. It is loaded only if it is chosen, and used only for models for
 * which it computes what WASM computes (`state/model/selfTest`).
 */
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-webgpu'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import './kernels/channelExtremesWebgpu.ts'

/** Throws if there is no adapter; tfjs itself would fail with an error that does not say so. */
export async function beforeStart(): Promise<void> {
  if (!(await navigator.gpu?.requestAdapter())) throw new Error('this browser offers no WebGPU adapter')
}

/**
 * Makes any error of the device end this worker, and be reported as the reason. WebGPU itself reports an error to no
 * caller, and goes on with buffers of zeros: lack of memory would look like dead channels.
 */
export function afterStart(): void {
  const { device } = tf.backend() as WebGPUBackend
  device.addEventListener('uncapturederror', ({ error }) => {
    reportError(new Error(`WebGPU: ${error.message.split('\n')[0]}`))
  })
}
