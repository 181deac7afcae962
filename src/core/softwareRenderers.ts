/** @file Recognizes programs that draw without a graphics card, by the names that WebGL and WebGPU give. */

const softwareRenderer = /swiftshader|llvmpipe|softpipe|basic render|software/i

export function isSoftwareRenderer(name: string): boolean {
  return softwareRenderer.test(name)
}
