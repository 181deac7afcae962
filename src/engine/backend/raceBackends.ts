/** @file WebGL against WASM on one convolution as networks have in their middle. */
import * as tf from '@tensorflow/tfjs'
import type { BackendName } from '../../core/backendNames.ts'
import { BackendWatch } from './backendWatch.ts'
import { useBackend } from './tfjsBackend.ts'

/** Runs that are timed: as many as begin in so many ms, and one at least. */
const timedMs = 60

/** A read-back takes some ms. Where one takes so long, fences are never signalled (Safari 17), and WebGL is no use. */
const patience = { leastMs: 2000, factor: 0 }

/**
 * Milliseconds that a 3×3 convolution of `[2, 56, 56, 32]` to 64 channels takes on each. The backend in charge
 * afterwards is the last one. Throws `backend/…`.
 */
export async function raceBackends(): Promise<Readonly<Record<'webgl' | 'wasm', number>>> {
  return { webgl: await timeOf('webgl'), wasm: await timeOf('wasm') }
}

async function timeOf(name: BackendName): Promise<number> {
  await useBackend(name)
  const watch = new BackendWatch(patience)
  const input = tf.randomUniform<tf.Rank.R4>([2, 56, 56, 32])
  const filter = tf.randomUniform<tf.Rank.R4>([3, 3, 32, 64])
  const run = async (): Promise<void> => {
    const found = tf.tidy(() => tf.max(tf.conv2d(input, filter, 1, 'same')))
    try {
      await watch.read(found)
    } finally {
      found.dispose()
    }
  }
  try {
    // Shaders are compiled, weights packed.
    await run()
    const began = performance.now()
    let runs = 0
    do {
      await run()
      runs++
    } while (performance.now() - began < timedMs)
    return (performance.now() - began) / runs
  } finally {
    tf.dispose([input, filter])
  }
}
