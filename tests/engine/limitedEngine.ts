/** @file Engines on WebAssembly that can do less, and on the other backends: all must find the same. */
import type { BackendChoice } from '../../src/core/backendNames.ts'
import type { BenchEngine } from '../../src/engine/bench/benchEngine.ts'
import { connect, type Remote } from '../../src/rpc/remote.ts'
import type { Simd } from './simd.ts'

export interface Variant {
  readonly backend: Exclude<BackendChoice, 'auto'>
  readonly simd: Simd
  /** Whether all is computed by kernels of tfjs, which was chosen, or is all there is. */
  readonly isReference: boolean
}

/** By what a test's title says. */
export const variants: readonly (readonly [string, Variant])[] = [
  ['wasm', { backend: 'wasm', simd: 'relaxed', isReference: false }],
  ['wasm without relaxed SIMD', { backend: 'wasm', simd: 'plain', isReference: false }],
  ['wasm without SIMD', { backend: 'wasm', simd: 'none', isReference: true }],
  ['tfjs-wasm', { backend: 'tfjs-wasm', simd: 'relaxed', isReference: true }],
  ['webgl', { backend: 'webgl', simd: 'relaxed', isReference: false }],
]

export interface LimitedEngine {
  readonly remote: Remote<BenchEngine>
  terminate(): void
}

/** The worker imports tfjs with what `simd` leaves it; nothing is started yet. */
export function spawnLimited(simd: Simd): LimitedEngine {
  const worker = new Worker(new URL('./limitedEngine.worker.ts', import.meta.url), {
    type: 'module',
    name: simd,
  })
  const { remote } = connect<BenchEngine>(worker as never)
  return { remote, terminate: () => worker.terminate() }
}
