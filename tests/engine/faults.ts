/** Causes rare faults of browsers on purpose, at the point where a browser would show them. */
/* oxlint-disable no-underscore-dangle -- as tfjs names it */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'

function context(): WebGL2RenderingContext {
  return (tf.backend() as MathBackendWebGL).gpgpu.gl as WebGL2RenderingContext
}

export function loseContext(): void {
  context().getExtension('WEBGL_lose_context')!.loseContext()
}

/** From now on the driver never reports that it is done. */
export function neverSignal(): void {
  const gl = context()
  gl.clientWaitSync = () => gl.TIMEOUT_EXPIRED
}

/** The next allocation in the WASM program traps. */
export function trap(): void {
  ;(tf.backend() as BackendWasm).wasm._malloc = () => {
    throw new WebAssembly.RuntimeError('unreachable')
  }
}

/** From now on this kernel on WASM makes numbers that are a thousandth too large. */
export function falsify(kernelName: string): void {
  const right = tf.getKernel(kernelName, 'wasm')
  tf.unregisterKernel(kernelName, 'wasm')
  tf.registerKernel({
    ...right,
    kernelFunc(call) {
      const output = right.kernelFunc(call) as tf.TensorInfo
      const numbers = (tf.backend() as BackendWasm).typedArrayFromHeap(output)
      for (const [i, number] of numbers.entries()) numbers[i] = number * 1.001
      return output
    },
  })
}

/** From now on WASM heaps cannot grow beyond so many bytes. The returned function lifts the limit. */
export function limitHeap(bytes: number): () => void {
  const { prototype } = WebAssembly.Memory
  const { grow } = prototype
  prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65536 > bytes)
      throw new RangeError('Unable to grow instance memory.')
    return grow.call(this, pages)
  }
  return () => {
    prototype.grow = grow
  }
}

/** From now on contexts have no memory for textures with more texels than a limit, which the returned function sets. */
export function limitTextures(): (texels: number) => void {
  const { prototype } = WebGL2RenderingContext
  const { texStorage2D, getError } = prototype
  let limit = Infinity
  let refused = false
  prototype.texStorage2D = function (target, levels, format, width, height) {
    refused = width * height > limit
    if (!refused) texStorage2D.call(this, target, levels, format, width, height)
  }
  prototype.getError = function () {
    if (!refused) return getError.call(this)
    refused = false
    return this.OUT_OF_MEMORY
  }
  return (texels) => {
    limit = texels
  }
}
