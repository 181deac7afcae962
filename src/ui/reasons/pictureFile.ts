/** @file Pictures about a channel as files. */
import type { ShownPicture } from '../../engine/reasons/synthesis.ts'

/** The beginning of the name of a file about a channel. */
export function channelFile(layer: string, channel: number): string {
  return `${layer.replaceAll(/[^\w.-]+/g, '-')}-channel-${channel}`
}

/** Each pixel as it is: a saved picture that is opened as an image has the value that is told of it. */
export function pngOf({ data, width, height }: ShownPicture): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0)
  return canvas.convertToBlob({ type: 'image/png' })
}
