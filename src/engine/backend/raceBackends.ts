/** @file Races WebGL against WASM on one convolution of a kind that networks have in their middle. */
import * as tf from '@tensorflow/tfjs'
import type { BackendName } from '../../core/backendNames.ts'
import { BackendWatch } from './backendWatch.ts'
import { useBackend } from './tfjsBackend.ts'

/** As many runs are timed as begin within so many ms, and at least one. */
const timedMs = 60

/**
 * A read-back takes some ms. If one takes this long, fences are never signalled (Safari 17), and WebGL is of no use.
 */
const timeout = { leastMs: 2000, factor: 0 }

/**
 * The milliseconds that a 3×3 convolution of `[2, 56, 56, 32]` to 64 channels takes on each. Afterwards the last
 * backend is the current one. Throws `backend/…`.
 */
export async function raceBackends(): Promise<Readonly<Record<'webgl' | 'wasm', number>>> {
  return { webgl: await timeOf('webgl'), wasm: await timeOf('wasm') }
}

async function timeOf(name: BackendName): Promise<number> {
  await useBackend(name)
  const watch = new BackendWatch(timeout)
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
    // The first run compiles shaders and packs weights.
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
