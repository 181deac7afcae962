/** @file Measures the bare forward pass, to which all other figures are compared. */
import * as tf from '@tensorflow/tfjs'
import { type Convolutions, withConvolutions } from '../backend/kernels/convolution/choice.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'

/**
 * Images a second over the passes of `passSize` images to the last of `layers` that begin within `seconds`, with
 * nothing read back but one number a pass. As in a scan, a pass does not wait for the one before it.
 */
export async function measureForward(
  network: TapNetwork,
  layers: readonly number[],
  passSize: number,
  seconds: number,
  convolutions: Convolutions,
): Promise<number> {
  const taps = new Set([Math.max(...layers)])
  await network.prepare(taps)
  const input = tf.randomUniform<tf.Rank.R4>([passSize, ...network.network.inputShape])
  const pass = (): Promise<unknown> => {
    let reading: Promise<unknown> = Promise.resolve()
    withConvolutions(convolutions, () =>
      network.run(input, taps, (_, output) => {
        const first = tf.tidy(() => tf.slice(tf.reshape(output, [-1]), 0, 1))
        reading = network.read(first).finally(() => first.dispose())
      }),
    )
    // A failure is reported when the pass is awaited, which does not happen if the one before has failed.
    reading.catch(() => undefined)
    return reading
  }
  try {
    await pass()
    const start = performance.now()
    let passes = 0
    let before: Promise<unknown> = Promise.resolve()
    do {
      const running = pass()
      await before
      before = running
      passes++
    } while (performance.now() - start < seconds * 1000)
    await before
    return (passSize * passes * 1000) / (performance.now() - start)
  } finally {
    input.dispose()
  }
}
