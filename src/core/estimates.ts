/** @file Estimates of the memory that it would take to keep everything; the exercise asks the student for them. */
import { elementCount, type Shape } from './model/network.ts'

const bytesPerFloat = 4

/** Bytes of all images as one float32 tensor `[N, H, W, C]`. */
export function imagesTensorBytes(images: number, inputShape: Shape): number {
  return images * elementCount(inputShape) * bytesPerFloat
}

/** Bytes of all activations of a layer for all images, as float32. */
export function activationsBytes(images: number, layerShape: Shape): number {
  return images * elementCount(layerShape) * bytesPerFloat
}

/** Bytes of a network's weights as float32. `parameters` are the numbers of weights per layer. */
export function weightsBytes(parameters: readonly number[]): number {
  return parameters.reduce((sum, count) => sum + count, 0) * bytesPerFloat
}

/** Formats bytes as `2.90 GB`, in decimal units with three digits. */
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
