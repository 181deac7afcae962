/**
 * @file The heat-map over a picture: each unit where its receptive field lies, the strongest units marked, and the unit under the
 * pointer with its value and its box. The bitmap has a pixel a unit, and the page enlarges it, so any zoom costs nothing.
 */
import { useEffect, useMemo, useRef, useState } from 'react'
import { cellOf, type HeatGrid, unitUnder } from '../../../core/mosaic/heatGrid.ts'
import { type ActivationMap, strongestUnits } from '../../../core/mosaic/heatMap.ts'
import type { Pair } from '../../../core/model/network.ts'
import type { Box } from '../../../core/model/receptiveField.ts'
import {
  clipRect,
  type Framing,
  inputPoint,
  type Rect,
  seenRect,
  sourceRect,
} from '../../../core/preprocessing/fit.ts'
import { patchesAt } from '../../../state/mosaic/patches.ts'
import { formatActivation } from '../../common/format.ts'
import { FrameInPicture } from '../../common/FrameInPicture.tsx'
import { useApp } from '../../useApp.ts'
import { showBitmap } from '../MosaicCanvas.tsx'
import { bitmapOfRaster, rasterOf } from './heatBitmap.ts'
import { useHeatMap } from './useHeatMap.ts'
import './heat.css'

/** How many units are marked. */
const marked = 3

export interface PictureSize {
  readonly width: number
  readonly height: number
}

interface Props {
  layer: string
  channel: number
  image: number
  grid: HeatGrid
  frame: Framing
  /** Of the picture, in its pixels. The parent is as large as the picture on the page. */
  picture: PictureSize
}

export default function HeatOverlay({ layer, channel, image, ...where }: Props) {
  const { map, problem } = useHeatMap({ layer, channel, image })
  if (problem !== null) return <p className="heat-problem">{problem}</p>
  return map && <HeatLayer map={map} layer={layer} {...where} />
}

interface LayerProps extends Pick<Props, 'grid' | 'frame' | 'picture'> {
  map: ActivationMap
  /** The layer's name, for the boxes of its units. */
  layer: string
}

/** A map that is there, over a picture of which any part may be cut off. */
export function HeatLayer({ map, layer, grid, frame, picture }: LayerProps) {
  const opacity = useApp((state) => state.heat.opacity)
  const canvas = useRef<HTMLCanvasElement>(null)
  const layerElement = useRef<HTMLDivElement>(null)
  const raster = useMemo(() => rasterOf(map, grid), [map, grid])
  const peaks = useMemo(() => strongestUnits(map, marked), [map])
  const pointed = usePointedUnit(layerElement, grid, frame, picture)

  useEffect(() => {
    let isGone = false
    void bitmapOfRaster(raster).then((bitmap) =>
      isGone ? bitmap.close() : showBitmap(canvas.current, bitmap),
    )
    return () => {
      isGone = true
    }
  }, [raster])

  const seen = seenRect(frame, picture)
  const place = sourceRect(raster.box, frame, picture)
  return (
    <div ref={layerElement} className="heat-layer">
      <div className="heat-seen" style={within(seen, { left: 0, top: 0, ...picture })}>
        <canvas
          ref={canvas}
          className="heat-canvas"
          role="img"
          aria-label={inWords(map, peaks)}
          width={1}
          height={1}
          style={{ ...within(place, seen), opacity }}
        />
      </div>
      <svg className="heat-marks" viewBox={`0 0 ${picture.width} ${picture.height}`} aria-hidden>
        {pointed && <PointedBox layer={layer} unit={pointed} map={map} frame={frame} picture={picture} />}
      </svg>
      {peaks.map((unit) => (
        <div
          key={unit.join()}
          className="heat-mark"
          style={within(rectOf(cellOf(grid, unit), frame, picture), { left: 0, top: 0, ...picture })}
        />
      ))}
      {pointed && <PointedValue unit={pointed} map={map} />}
    </div>
  )
}

/** The strongest units, in words: what a drawing shows. */
function inWords(map: ActivationMap, peaks: readonly Pair[]): string {
  if (peaks.length === 0) return 'Heat-map: no unit is above 0'
  const units = peaks.map((unit) => `${formatActivation(valueAt(map, unit))} at ${unit.join(', ')}`)
  return `Heat-map: ${units.join('; ')}`
}

function valueAt({ values, columns }: ActivationMap, [row, column]: Pair): number {
  return values[row * columns + column]!
}

/** The place of a rectangle in another one. */
function within({ left, top, width, height }: Rect, outer: Rect): React.CSSProperties {
  const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`
  return {
    left: percent(left - outer.left, outer.width),
    top: percent(top - outer.top, outer.height),
    width: percent(width, outer.width),
    height: percent(height, outer.height),
  }
}

function rectOf(box: Box, frame: Framing, picture: PictureSize): Rect {
  return clipRect(sourceRect(box, frame, picture), picture)
}

interface PointedProps extends Pick<LayerProps, 'map' | 'frame' | 'picture' | 'layer'> {
  unit: Pair
}

/** What the unit under the pointer sees. */
function PointedBox({ layer, unit, map, frame, picture }: PointedProps) {
  const model = useApp((state) => state.model)
  const [row, column] = unit
  const box = useMemo(() => {
    const entry = { image: 0, activation: 0, position: row * map.columns + column }
    const [patch] = patchesAt(model, layer, [entry])
    return patch!.seat ?? patch!.box
  }, [model, layer, row, column, map.columns])
  return (
    <g className="heat-box">
      <FrameInPicture rect={rectOf(box, frame, picture)} />
    </g>
  )
}

function PointedValue({ unit, map }: Pick<PointedProps, 'unit' | 'map'>) {
  const value = valueAt(map, unit)
  return (
    <p className="heat-value">
      <b>{Number.isNaN(value) ? 'NaN' : formatActivation(value)}</b> at {unit.join(', ')}
    </p>
  )
}

/** The unit under the pointer. The events are those of the parent, which other elements may cover. */
function usePointedUnit(
  element: React.RefObject<HTMLElement | null>,
  grid: HeatGrid,
  frame: Framing,
  { width, height }: PictureSize,
): Pair | null {
  const [point, setPoint] = useState<Pair | null>(null)
  useEffect(() => {
    const parent = element.current!.parentElement!
    const onMove = (event: PointerEvent): void => {
      const rect = parent.getBoundingClientRect()
      setPoint([(event.clientY - rect.top) / rect.height, (event.clientX - rect.left) / rect.width])
    }
    const onLeave = (): void => setPoint(null)
    parent.addEventListener('pointermove', onMove)
    parent.addEventListener('pointerleave', onLeave)
    return () => {
      parent.removeEventListener('pointermove', onMove)
      parent.removeEventListener('pointerleave', onLeave)
    }
  }, [element])
  if (!point) return null
  const picture = { width, height }
  const at = { top: point[0] * height, left: point[1] * width }
  const seen = seenRect(frame, picture)
  const isSeen =
    at.top >= seen.top &&
    at.left >= seen.left &&
    at.top < seen.top + seen.height &&
    at.left < seen.left + seen.width
  return isSeen ? unitUnder(grid, inputPoint(at, frame, picture)) : null
}
