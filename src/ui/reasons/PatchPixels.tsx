/** @file A patch with what its pixels contribute over it, and the number of the pixel under the pointer. */
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Box } from '../../core/model/receptiveField.ts'
import { framing, type Rect } from '../../core/preprocessing/fit.ts'
import { attributionPixels } from '../../core/reasons/attributionColours.ts'
import type { PixelMap } from '../../engine/reasons/attribution.ts'
import type { AttributionPlace } from '../../state/appState.ts'
import { inputShapeOf, preprocessingOf } from '../../state/selectors/shown.ts'
import { formatActivation } from '../common/format.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { showBitmap } from '../mosaic/MosaicCanvas.tsx'
import { PictureTools } from './PictureTools.tsx'
import { useApp, useAppStore } from '../useApp.ts'

interface Props {
  image: AttributionPlace['image']
  /** What is shown, in pixels of the input; it may hang over the edge. */
  box: Box
  /** A part of it that is framed. */
  seat: Box | undefined
  map: PixelMap | null
  /** See `attributionEnd`. */
  end: number
  /** From 0 to 1. */
  opacity: number
  /** CSS pixels of the longer side. */
  extent: number
  /** What the map is, for screen readers. */
  label: string
  /** The name of the file that it is saved as, without its ending. */
  file: string
}

export function PatchPixels({ image, box, seat, map, end, opacity, extent, label, file }: Props) {
  const patch = usePatchPicture(image, box, extent)
  const pixels = useRef<HTMLCanvasElement>(null)
  const [pointed, setPointed] = useState<readonly [number, number] | null>(null)
  const [rows, columns] = [box[2] - box[0], box[3] - box[1]]
  const scale = extent / Math.max(rows, columns)

  useEffect(() => {
    if (!map) return undefined
    let isGone = false
    const raster = new ImageData(attributionPixels(map.values, end), map.columns, map.rows)
    void createImageBitmap(raster).then((bitmap) =>
      isGone ? bitmap.close() : showBitmap(pixels.current, bitmap),
    )
    return () => {
      isGone = true
    }
  }, [map, end])

  const onPointer = (event: PointerEvent<HTMLElement>): void => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
    const row = Math.floor(((event.clientY - top) / height) * rows + box[0])
    const column = Math.floor(((event.clientX - left) / width) * columns + box[1])
    setPointed([row, column])
  }
  const value = map && pointed && valueAt(map, pointed)

  return (
    <div className="patch-pixels">
      <div
        className="patch-pixels-frame"
        style={{ width: columns * scale, height: rows * scale }}
        data-covered={(map !== null && opacity > 0) || undefined}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        // A finger leaves at once, and what it has touched is to be read then.
        onPointerLeave={({ pointerType }) => pointerType !== 'touch' && setPointed(null)}
      >
        <canvas ref={patch} className="patch-pixels-picture" width={1} height={1} />
        {map && (
          <canvas
            ref={pixels}
            className="patch-pixels-map"
            role="img"
            aria-label={`${label}: ${inWords(map)}`}
            width={1}
            height={1}
            style={{ ...inPercent(placed(map.box, box)), opacity }}
          />
        )}
        {seat && (
          <div
            className="patch-pixels-seat"
            title="The seat of the unit"
            style={inPercent(placed(seat, box))}
          />
        )}
      </div>
      <div className="patch-pixels-line">
        <p className="patch-pixels-value muted">
          {value === null || pointed === null ? (
            'Point at a pixel'
          ) : (
            <>
              <b>{signed(value)}</b> at {pointed.join(', ')}
            </>
          )}
        </p>
        {map && (
          <PictureTools
            title={label}
            file={file}
            png={() =>
              coveredPng(patch.current!, [rows, columns], pixels.current!, placed(map.box, box), opacity)
            }
          />
        )}
      </div>
    </div>
  )
}

/** Patch and map as they are shown: the patch without its colours, and the map over it at its place in it. */
function coveredPng(
  patch: HTMLCanvasElement,
  [rows, columns]: readonly [number, number],
  pixels: HTMLCanvasElement,
  map: Rect,
  opacity: number,
): Promise<Blob> {
  // It is drawn as a square, whatever the box is.
  const scale = patch.width / Math.max(rows, columns)
  const [height, width] = [rows, columns].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ]
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  if (opacity > 0) context.filter = 'grayscale(1)'
  context.drawImage(patch, 0, 0, width, height)
  context.filter = 'none'
  context.globalAlpha = opacity
  context.imageSmoothingEnabled = false
  context.drawImage(pixels, map.left * width, map.top * height, map.width * width, map.height * height)
  return canvas.convertToBlob({ type: 'image/png' })
}

/** The patch as mosaics draw it, from the image itself. */
function usePatchPicture(
  image: AttributionPlace['image'],
  box: Box,
  extent: number,
): React.RefObject<HTMLCanvasElement | null> {
  const { getState, services } = useAppStore()
  const inputShape = useApp(inputShapeOf)!
  const preprocessing = useApp(preprocessingOf)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [top, left, bottom, right] = box
  useEffect(
    () =>
      untilCleanup(async (signal) => {
        const patch = Math.round(extent * devicePixelRatio)
        const layout = { side: 1, patch, gap: 0 }
        const wanted = [top, left, bottom, right] as const
        const frame = framing(inputShape, preprocessing)
        const bitmap =
          typeof image === 'number'
            ? await services.gallery.mosaic([{ image, box: wanted }], frame, layout, { sharp: true })
            : await services.gallery.remote.foreignPatch(image.sight.picture, wanted, frame, patch)
        if (signal.aborted) bitmap?.close()
        else showBitmap(canvas.current, bitmap)
      }, getState().report),
    [image, top, left, bottom, right, extent, inputShape, preprocessing, services, getState],
  )
  return canvas
}

function valueAt(
  { box, columns, values }: PixelMap,
  [row, column]: readonly [number, number],
): number | null {
  const isInside = row >= box[0] && row < box[2] && column >= box[1] && column < box[3]
  return isInside ? values[(row - box[0]) * columns + column - box[1]]! : null
}

/** The place of a box in another one, in shares of its sides. */
function placed(box: Box, outer: Box): Rect {
  const [height, width] = [outer[2] - outer[0], outer[3] - outer[1]]
  return {
    top: (box[0] - outer[0]) / height,
    left: (box[1] - outer[1]) / width,
    height: (box[2] - box[0]) / height,
    width: (box[3] - box[1]) / width,
  }
}

function inPercent({ top, left, height, width }: Rect): React.CSSProperties {
  const percent = (share: number): string => `${100 * share}%`
  return { top: percent(top), left: percent(left), height: percent(height), width: percent(width) }
}

/** The strongest pixel of each sign, in words: what the colours show. */
function inWords(map: PixelMap): string {
  const { values, columns, box } = map
  let [highest, lowest] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > values[highest]!) highest = i
    if (values[i]! < values[lowest]!) lowest = i
  }
  const placeOf = (i: number): string => `${Math.floor(i / columns) + box[0]}, ${(i % columns) + box[1]}`
  const told = [
    values[highest]! > 0 && `excites most at ${placeOf(highest)} (${signed(values[highest]!)})`,
    values[lowest]! < 0 && `inhibits most at ${placeOf(lowest)} (${signed(values[lowest]!)})`,
  ]
  return told.filter((text) => text !== false).join(', ') || 'no pixel counts'
}

/** `+0.021`, `−0.3`. */
export function signed(value: number): string {
  const text = formatActivation(Math.abs(value))
  return value < 0 ? `−${text}` : value > 0 ? `+${text}` : text
}
