/**
 * @file A workaround: tfjs asks again and again whether the graphics card is done, each time after `setTimeout(0)`.
 * Browsers stretch nested timers to 4 ms, and tfjs' own way around that works in windows only, so every read-back in
 * a worker took up to 4 ms too long. A timer that is set by a message counts as not nested. Messages alone would be
 * prompter still, but they keep a core busy that software WebGL wants for itself.
 * Can go when tfjs waits in workers without `setTimeout`, or by `EXT_disjoint_timer_query` or `gl.fenceSync` events.
 */
import * as tf from '@tensorflow/tfjs'

/** The time between two checks, in ms. */
const pause = 1

/** Makes tfjs wait in this way from now on. To be called once in a worker. */
export function waitPromptly(): void {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.addEventListener('message', () => setTimeout(waiting.shift()!, pause))
  port1.start()
  tf.env().platform.setTimeoutCustom = (look: () => void) => {
    waiting.push(look)
    port2.postMessage(null)
  }
}
