/**
 * @file How a picture comes to lie in the model's input, and back: where pixels of the input come from in the picture.
 * Sizes are rounded as the frameworks round them, so pixels and geometry agree.
 */
import type { MapShape } from '../model/network.ts'
import type { Box } from '../model/receptiveField.ts'
import type { Preprocessing } from './preprocessing.ts'

export interface Rect {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** How a picture comes to lie in the model's input. */
export interface Framing extends Pick<Preprocessing, 'fit' | 'cropFraction' | 'orientation'> {
  /** Height, width, channels. */
  readonly inputShape: MapShape
}

export function framing(inputShape: MapShape, { fit, cropFraction, orientation }: Preprocessing): Framing {
  return { inputShape, fit, cropFraction, orientation }
}

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * One axis: pixels `start` … `start + length` of the picture become `resized` pixels, the first of which is pixel
 * `offset` of the input. Where it is negative they are cut off; input pixels that none falls on are black.
 */
export interface Axis {
  /** Of the picture. */
  readonly size: number
  readonly start: number
  readonly length: number
  readonly resized: number
  readonly offset: number
  /** Of the input. */
  readonly inputSize: number
}

export interface Placement {
  readonly x: Axis
  readonly y: Axis
}

/** How a picture of this size is cut, resized and put into the input. */
export function placement({ inputShape, fit, cropFraction }: Framing, picture: Size): Placement {
  const [height, width] = inputShape
  const input = { width, height }
  if (fit === 'crop') return cropped(picture, input)
  if (fit === 'resize-crop') return resizedAndCropped(picture, input, cropFraction)
  if (fit === 'pad') return padded(picture, input)
  return { x: axis(picture.width, width), y: axis(picture.height, height) }
}

/** The whole axis stretched, but for what `change` says. */
function axis(size: number, inputSize: number, change: Partial<Axis> = {}): Axis {
  return { size, start: 0, length: size, resized: inputSize, offset: 0, inputSize, ...change }
}

const f32 = Math.fround

/**
 * Of the picture the largest part of the input's aspect ratio, from its centre: `keras.utils.image_dataset_from_directory`
 * with `crop_to_aspect_ratio`, which computes in float32; `load_img(keep_aspect_ratio=True)` agrees below 16 million.
 */
function cropped(picture: Size, input: Size): Placement {
  const height = Math.trunc(f32(f32(picture.width * input.height) / input.width))
  const width = Math.trunc(f32(f32(picture.height * input.width) / input.height))
  return {
    x: croppedAxis(picture.width, width, input.width),
    y: croppedAxis(picture.height, height, input.height),
  }
}

function croppedAxis(size: number, crop: number, inputSize: number): Axis {
  const length = Math.max(Math.min(size, crop), 1)
  return axis(size, inputSize, { start: Math.trunc((size - length) / 2), length })
}

/**
 * The picture is made so large that it just covers the input / `fraction`, then its centre is cut out: torchvision's
 * `Resize(int)` and `CenterCrop`, and timm's `crop_pct`, which round the size down. A little is added, so that a
 * fraction of four digits still means the size that it was computed from.
 */
function resizedAndCropped(picture: Size, input: Size, fraction: number): Placement {
  const coverWidth = Math.floor(input.width / fraction + 0.02)
  const coverHeight = Math.floor(input.height / fraction + 0.02)
  const wide = picture.width * coverHeight >= picture.height * coverWidth
  const width = wide ? Math.trunc((coverHeight * picture.width) / picture.height) : coverWidth
  const height = wide ? coverHeight : Math.trunc((coverWidth * picture.height) / picture.width)
  return {
    x: axis(picture.width, input.width, {
      resized: width,
      offset: 0 - roundHalfEven((width - input.width) / 2),
    }),
    y: axis(picture.height, input.height, {
      resized: height,
      offset: 0 - roundHalfEven((height - input.height) / 2),
    }),
  }
}

/** As Python's `round`, for numbers that are not negative. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value)
}

/** The whole picture in the middle of the input: `tf.image.resize_with_pad`, which computes in float32. */
function padded(picture: Size, input: Size): Placement {
  const ratio = Math.max(f32(picture.width / input.width), f32(picture.height / input.height))
  return {
    x: paddedAxis(picture.width, input.width, ratio),
    y: paddedAxis(picture.height, input.height, ratio),
  }
}

function paddedAxis(size: number, inputSize: number, ratio: number): Axis {
  const exact = f32(size / ratio)
  const padding = Math.max(0, Math.floor(f32(f32(inputSize - exact) / 2)))
  // TensorFlow makes nothing of a side that is thinner than a pixel; here it stays one pixel.
  return axis(size, inputSize, { resized: Math.max(Math.floor(exact), 1), offset: padding })
}

/**
 * A box in pixels of the model's input, as a rectangle in pixels of the picture (decoded with this orientation). It
 * may reach beyond the picture.
 */
export function sourceRect(box: Box, frame: Framing, picture: Size): Rect {
  const [top, left, bottom, right] = box
  const { x, y } = placement(frame, picture)
  return {
    left: sourceAt(x, left),
    top: sourceAt(y, top),
    width: ((right - left) * x.length) / x.resized,
    height: ((bottom - top) * y.length) / y.resized,
  }
}

function sourceAt({ start, length, resized, offset }: Axis, at: number): number {
  return start + ((at - offset) * length) / resized
}

/** The part of the picture that the network sees. */
export function seenRect(frame: Framing, picture: Size): Rect {
  const [height, width] = frame.inputShape
  return clipRect(sourceRect([0, 0, height, width], frame, picture), picture)
}

/** The part of `rect` that lies in a picture of this size. */
export function clipRect(rect: Rect, picture: Size): Rect {
  const left = Math.max(rect.left, 0)
  const top = Math.max(rect.top, 0)
  return {
    left,
    top,
    width: Math.max(0, Math.min(rect.left + rect.width, picture.width) - left),
    height: Math.max(0, Math.min(rect.top + rect.height, picture.height) - top),
  }
}
