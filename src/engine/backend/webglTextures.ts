/**
 * @file Two workarounds for textures of tfjs' WebGL backend (4.22).
 *
 * In production tfjs never asks WebGL for errors, so a texture that could not be allocated is drawn on and read like
 * any other, as zeros. Here its allocation throws. (`getError` waits for the graphics process, but textures are
 * allocated in the first pass of a shape only.)
 *
 * And tfjs keeps every texture that it ever made, to reuse it for the same shape; or, with
 * `WEBGL_DELETE_TEXTURE_THRESHOLD`, it allocates them again in every pass. Shapes only change with the size of the
 * pass, so textures are kept, and freed here when that size changes.
 */
/* oxlint-disable no-underscore-dangle -- as tfjs names it */
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { OutOfMemory } from './outOfMemory.ts'

/** Makes allocations that fail throw `OutOfMemory` from now on. To be called once for each backend. */
export function checkTextures(backend: MathBackendWebGL): void {
  const gl = backend.gpgpu.gl as WebGL2RenderingContext
  const allocate = gl.texStorage2D.bind(gl)
  gl.texStorage2D = (target, levels, format, width, height) => {
    allocate(target, levels, format, width, height)
    if (gl.getError() !== gl.OUT_OF_MEMORY) return
    gl.deleteTexture(gl.getParameter(gl.TEXTURE_BINDING_2D) as WebGLTexture | null)
    throw new OutOfMemory()
  }
}

/** Private members of tfjs. */
interface TexturePool {
  freeTextures: Record<string, { readonly texture: WebGLTexture }[]>
  numFreeTextures: number
  _numBytesFree: number
  _numBytesAllocated: number
}

/** Frees all textures that no tensor uses. */
export function dropFreeTextures(backend: MathBackendWebGL): void {
  const pool = backend.getTextureManager() as unknown as TexturePool
  for (const { texture } of Object.values(pool.freeTextures).flat())
    backend.gpgpu.deleteMatrixTexture(texture)
  pool.freeTextures = {}
  pool.numFreeTextures = 0
  pool._numBytesAllocated -= pool._numBytesFree
  pool._numBytesFree = 0
}
