/** @file The names of the backends that run networks. */

export type BackendName = 'webgl' | 'wasm' | 'webgpu'

/** The names as users know them. */
export const backendNames: Readonly<Record<BackendName, string>> = {
  webgl: 'WebGL',
  wasm: 'WASM',
  webgpu: 'WebGPU',
}
