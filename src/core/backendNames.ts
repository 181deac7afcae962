/** @file What runs networks. */

export type BackendName = 'webgl' | 'wasm' | 'webgpu'

/** As users know them. */
export const backendNames: Readonly<Record<BackendName, string>> = {
  webgl: 'WebGL',
  wasm: 'WASM',
  webgpu: 'WebGPU',
}
