import { expect, it } from 'vitest'
import { isSoftwareRenderer } from '../../src/core/softwareRenderers.ts'

it.each([
  'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
  'llvmpipe (LLVM 15.0.7, 256 bits)',
  'softpipe',
  'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0, D3D11)',
  'Apple Software Renderer',
  'google swiftshader',
])('%s draws without a graphics card', (name) => {
  expect(isSoftwareRenderer(name)).toBe(true)
})

it.each([
  'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)',
  'Mesa Intel(R) UHD Graphics 620 (KBL GT2)',
  'ANGLE (Apple, ANGLE Metal Renderer: Apple M1, Unspecified Version)',
  'nvidia ampere',
])('%s is a graphics card', (name) => {
  expect(isSoftwareRenderer(name)).toBe(false)
})
