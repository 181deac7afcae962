/** Which kernels compute where several backends have been loaded. */
import { expect, it } from 'vitest'
import { useBackend, wasmKernels } from '../../../src/engine/backend/tfjsBackend.ts'

it('our kernels for WASM are there while WASM computes, and not while WebGL does', async () => {
  expect(wasmKernels()).toBeNull()
  await useBackend('wasm')
  expect(wasmKernels()).not.toBeNull()
  await useBackend('webgl')
  expect(wasmKernels()).toBeNull()
  await useBackend('wasm')
  expect(wasmKernels()).not.toBeNull()
})
