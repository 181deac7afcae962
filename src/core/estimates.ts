/** @file What the exercise asks the student to estimate: how much memory it would take to keep everything. */
import { elementCount, type Shape } from './model/network.ts'

const bytesPerFloat = 4

/** All images as one float32 tensor `[N, H, W, C]`. */
export function imagesTensorBytes(images: number, inputShape: Shape): number {
  return images * elementCount(inputShape) * bytesPerFloat
}

/** All activations of a layer for all images. */
export function activationsBytes(images: number, layerShape: Shape): number {
  return images * elementCount(layerShape) * bytesPerFloat
}

/** A network's weights as float32; `parameters` by layer. */
export function weightsBytes(parameters: readonly number[]): number {
  return parameters.reduce((sum, count) => sum + count, 0) * bytesPerFloat
}

/** `2.90 GB`, decimal units, three digits. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`
}
