/** @file Where the marks of a map lie on the screen, and how they are drawn. */
import { markSize, type Points } from '../../../core/mosaic/mapLayout.ts'
import type { Sprite, Sprites } from './sprites.ts'

/** How the map is moved and enlarged: a place p of the whole map is shown at `p · k + (x, y)`. */
export interface View {
  readonly k: number
  readonly x: number
  readonly y: number
}

/** CSS pixels. */
export interface Extent {
  readonly width: number
  readonly height: number
}

export interface Mark {
  /** The index into the layout. */
  readonly index: number
  readonly channel: number
  /** Its centre, in CSS pixels. */
  readonly x: number
  readonly y: number
}

const margin = 6
const largest = 150
/** Marks grow by this power of what the map is enlarged. */
const growth = 0.75

/** Marks grow more slowly than the map, so that those that lie close together part. */
export function sizeOf(count: number, { width, height }: Extent, { k }: View): number {
  return Math.round(Math.min(largest, markSize(count, width, height) * k ** growth))
}

/** The place of a point on the whole map, which leaves room for marks at its border. */
export function placeOf(
  points: Points,
  index: number,
  count: number,
  extent: Extent,
): readonly [number, number] {
  const border = margin + markSize(count, extent.width, extent.height) / 2
  const along = (part: number, length: number): number => border + part * Math.max(0, length - 2 * border)
  return [along(points[2 * index]!, extent.width), along(points[2 * index + 1]!, extent.height)]
}

/** The marks that are on the screen, in the order in which they are drawn: `last` lies above the others. */
export function visibleMarks(
  { channels, points }: { readonly channels: Uint32Array; readonly points: Points },
  shown: ReadonlySet<number>,
  extent: Extent,
  view: View,
  last: number | null,
): Mark[] {
  const half = sizeOf(shown.size, extent, view) / 2
  const marks: Mark[] = []
  let above: Mark | null = null
  for (const [index, channel] of channels.entries()) {
    if (!shown.has(channel)) continue
    const [px, py] = placeOf(points, index, shown.size, extent)
    const [x, y] = [px * view.k + view.x, py * view.k + view.y]
    if (x < -half || y < -half || x > extent.width + half || y > extent.height + half) continue
    const mark = { index, channel, x, y }
    if (channel === last) above = mark
    else marks.push(mark)
  }
  return above ? [...marks, above] : marks
}

/** The mark at a point of the screen, the uppermost one. */
export function markAt(marks: readonly Mark[], size: number, x: number, y: number): Mark | null {
  return marks.findLast((mark) => Math.max(Math.abs(mark.x - x), Math.abs(mark.y - y)) <= size / 2) ?? null
}

/** Mosaics are drawn if marks are so large and so few of them are on the screen; otherwise best patches. */
const leastMosaic = 28
const mostMosaics = 250

/** They are seen in both themes. */
const lineColor = '#d9772b'
const emptyColor = '#8a8a84'

export interface Look {
  readonly ratio: number
  readonly size: number
  /** The frame of a channel's mark. */
  frameOf(channel: number): string
  /** The channels to which lines lead from the last mark, and how strongly: 0…1. */
  readonly lines: readonly (readonly [Mark, strength: number])[]
}

export function drawMarks(
  context: CanvasRenderingContext2D,
  marks: readonly Mark[],
  sprites: Sprites,
  { ratio, size, frameOf, lines }: Look,
): void {
  const { canvas } = context
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  const frame = Math.round((size < 24 ? 1 : 2) * ratio)
  const side = Math.round(size * ratio)
  const asMosaics = size >= leastMosaic && marks.length <= mostMosaics
  const spriteOf = (channel: number): Sprite | null =>
    asMosaics ? sprites.mosaic(channel, size - 4) : sprites.patch(channel)
  const from = marks.at(-1)
  context.strokeStyle = lineColor
  for (const [mark, strength] of lines) {
    context.globalAlpha = strength
    context.lineWidth = 2 * ratio
    context.beginPath()
    context.moveTo(from!.x * ratio, from!.y * ratio)
    context.lineTo(mark.x * ratio, mark.y * ratio)
    context.stroke()
  }
  context.globalAlpha = 1
  sprites.begin()
  for (const { channel, x, y } of marks) {
    const [left, top] = [Math.round(x * ratio - side / 2), Math.round(y * ratio - side / 2)]
    context.fillStyle = frameOf(channel)
    context.fillRect(left, top, side, side)
    const sprite = spriteOf(channel)
    const inner = [left + frame, top + frame, side - 2 * frame, side - 2 * frame] as const
    context.fillStyle = emptyColor
    context.fillRect(...inner)
    if (sprite) context.drawImage(sprite.bitmap, sprite.x, sprite.y, sprite.side, sprite.side, ...inner)
  }
  sprites.end()
}
