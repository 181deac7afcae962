/**
 * @file tfjs' WebGPU backend, which is experimental: loaded only where it is chosen, and used only for models on which
 * it computes what WASM computes (`state/model/selfTest`).
 */
import '@tensorflow/tfjs-backend-webgpu'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import './kernels/channelExtremesWebgpu.ts'

/** tfjs itself stumbles where there is none. */
export async function checkAdapter(): Promise<void> {
  if (!(await navigator.gpu?.requestAdapter())) throw new Error('this browser offers no WebGPU adapter')
}

/**
 * From now on an error of the device ends this worker, and is told as the reason. WebGPU tells nobody who called, and
 * goes on with buffers of zeros: out of memory would make dead channels.
 */
export function endOnErrors({ device }: WebGPUBackend): void {
  device.addEventListener('uncapturederror', ({ error }) => {
    reportError(new Error(`WebGPU: ${error.message.split('\n')[0]}`))
  })
}
