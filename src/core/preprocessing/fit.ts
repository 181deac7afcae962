/**
 * @file How a picture is cut, resized and put into the model's input, and the way back: from a box in the input to the
 * rectangle of the picture that it shows. Sizes are rounded as the frameworks round them, so that the geometry agrees
 * with the pixels.
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

/** The settings that decide how a picture is put into the model's input. */
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
 * One axis of a placement: pixels `start` … `start + length` of the picture become `resized` pixels, the first of which
 * is pixel `offset` of the input. Pixels that fall outside the input (`offset` may be negative) are cut off; pixels of
 * the input that get none are black, or grey in a letterbox.
 */
export interface Axis {
  /** The picture's size along this axis. */
  readonly size: number
  readonly start: number
  readonly length: number
  readonly resized: number
  readonly offset: number
  /** The input's size along this axis. */
  readonly inputSize: number
  /** Whether the part is cut out before it is resized, so that no antialiasing looks beyond it. */
  readonly isCutFirst?: boolean
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
  if (fit === 'fastai-crop') return croppedFirst(picture, input)
  if (fit === 'resize-crop') return resizedAndCropped(picture, input, cropFraction)
  if (fit === 'pad') return padded(picture, input)
  if (fit === 'letterbox') return letterboxed(picture, input)
  return { x: axis(picture.width, width), y: axis(picture.height, height) }
}

/** An axis that is stretched as a whole, except for what `change` says. */
function axis(size: number, inputSize: number, change: Partial<Axis> = {}): Axis {
  return { size, start: 0, length: size, resized: inputSize, offset: 0, inputSize, ...change }
}

const f32 = Math.fround

/**
 * Takes the largest centred part of the picture that has the input's aspect ratio, as
 * `keras.utils.image_dataset_from_directory(crop_to_aspect_ratio=True)` does, which computes in float32.
 * `load_img(keep_aspect_ratio=True)` gives the same as long as the products of the sides stay below 16 million.
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
 * As fastai's `Resize` with `ResizeMethod.Crop` in validation, in double precision: for some sizes its product comes out just
 * below the whole number that it should be, and the crop is a pixel smaller (115 of 115 pixels become 114 for an input of 224).
 */
function croppedFirst(picture: Size, input: Size): Placement {
  const scale = Math.min(picture.width / input.width, picture.height / input.height)
  const cut = (size: number, inputSize: number): Axis => ({
    ...croppedAxis(size, Math.trunc(scale * inputSize), inputSize),
    isCutFirst: true,
  })
  return { x: cut(picture.width, input.width), y: cut(picture.height, input.height) }
}

/**
 * Resizes the picture so that it just covers a frame of the input's size / `fraction`, then cuts out the centre, as
 * torchvision's `Resize(int)` and `CenterCrop` and timm's `crop_pct` do. They round the frame's size down; 0.02 is added
 * before, so that a fraction of four digits still gives the size that it was computed from.
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

/** Rounds as Python's `round` does: halves go to the even number. For numbers that are not negative. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value)
}

/** Puts the whole picture into the middle of the input, as `tf.image.resize_with_pad` does (it computes in float32). */
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
  // TensorFlow drops a picture with a side that gets thinner than a pixel; here that side is one pixel.
  return axis(size, inputSize, { resized: Math.max(Math.floor(exact), 1), offset: padding })
}

/** Puts the whole picture into the middle of the input, as Ultralytics' `LetterBox` does. */
function letterboxed(picture: Size, input: Size): Placement {
  const ratio = Math.min(input.width / picture.width, input.height / picture.height)
  return {
    x: letterboxedAxis(picture.width, input.width, ratio),
    y: letterboxedAxis(picture.height, input.height, ratio),
  }
}

function letterboxedAxis(size: number, inputSize: number, ratio: number): Axis {
  const length = Math.max(roundHalfEven(size * ratio), 1)
  // An odd pixel goes behind the picture.
  return axis(size, inputSize, { resized: length, offset: Math.floor((inputSize - length) / 2) })
}

/**
 * Converts a box in pixels of the model's input to a rectangle in pixels of the picture, which must have been decoded
 * with this framing's orientation. The rectangle may reach beyond the picture.
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

/** The point of the model's input, `[y, x]`, where this point of the picture lies: the inverse of `sourceRect`. */
export function inputPoint(
  { left, top }: Pick<Rect, 'left' | 'top'>,
  frame: Framing,
  picture: Size,
): readonly [number, number] {
  const { x, y } = placement(frame, picture)
  const along = ({ start, length, resized, offset }: Axis, at: number): number =>
    offset + ((at - start) * resized) / length
  return [along(y, top), along(x, left)]
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
