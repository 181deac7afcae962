/** @file tfjs' WebGL backend with our own kernel for it; loaded only if a graphics card is there, or if it is chosen. */
import * as tf from '@tensorflow/tfjs'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgl'
import './kernels/channelExtremesWebgl.ts'
import { waitPromptly } from './promptTimer.ts'
import { checkTextures } from './webglTextures.ts'

export function beforeStart(): void {
  waitPromptly()
  // In Safari tfjs would look for a canvas of the page, because of fences that older versions never signal; a
  // worker has no such canvas.
  tf.env().set('IS_SAFARI', false)
}

export function afterStart(): void {
  checkTextures(tf.backend() as MathBackendWebGL)
}
