/** @file The names of the backends that run networks, and what a user can choose. */

export type BackendName = 'webgl' | 'wasm' | 'webgpu'

/** The names as users know them. */
export const backendNames: Readonly<Record<BackendName, string>> = {
  webgl: 'WebGL',
  wasm: 'WASM',
  webgpu: 'WebGPU',
}

/** `auto` is the fastest one; `tfjs-wasm` is WASM with TensorFlow.js' own kernels, the reference for all others. */
export const backendChoices = ['auto', 'webgl', 'wasm', 'webgpu', 'tfjs-wasm'] as const

export type BackendChoice = (typeof backendChoices)[number]

/** The kernels of the reference, for sentences. */
export const referenceKernels = "TensorFlow.js' own kernels"

/** A backend that runs, and the kernels that it runs. */
export interface Computing {
  readonly name: BackendName
  /** TensorFlow.js' own kernels compute on WASM; all other ways of computing are compared with them. */
  readonly isReference: boolean
}

/** The choice that leads to the same numbers again. */
export function choiceOf({ name, isReference }: Computing): Exclude<BackendChoice, 'auto'> {
  return isReference ? 'tfjs-wasm' : name
}

/** What to choose for exact results if these differ from the reference. */
export function moreExactThan({ name }: Computing): string {
  return nameOf({ name: 'wasm', isReference: name === 'wasm' })
}

export function nameOf({ name, isReference }: Computing): string {
  return `${backendNames[name]}${isReference ? ' reference' : ''}`
}
