/** @file A whole image with the box of a patch drawn into it; the part of the box beyond the edge is shown too. */
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { type Framing, framing, type Rect, seenRect, sourceRect } from '../../core/preprocessing/fit.ts'
import type { Patch } from '../../state/mosaic/patches.ts'
import { shownHeatGrid } from '../../state/selectors/heat.ts'
import { inputShapeOf, preprocessingOf } from '../../state/selectors/shown.ts'
import { FrameInPicture } from '../common/FrameInPicture.tsx'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { ImageLargeButton } from './ImageLargeButton.tsx'
import './patchInImage.css'

const HeatOverlay = lazy(() => import('./heat/HeatOverlay.tsx'))

interface Props {
  patch: Patch
  /** CSS pixels of the longer side. */
  extent: number
}

interface Shown {
  readonly image: number
  readonly orientation: Framing['orientation']
  readonly width: number
  readonly height: number
}

export function PatchInImage({ patch, extent }: Props) {
  const { image, box, seat } = patch
  const { getState, services } = useAppStore()
  const inputShape = useApp(inputShapeOf)!
  const preprocessing = useApp(preprocessingOf)
  const layer = useApp((state) => state.layer)
  const channel = useApp((state) => state.channel)
  const grid = useApp((state) => shownHeatGrid(state, state.layer))
  const canvas = useRef<HTMLCanvasElement>(null)
  const { orientation } = preprocessing
  const [picture, setPicture] = useState<Shown | null>(null)

  useEffect(() => {
    return untilCleanup(async (signal) => {
      const { bitmap, width, height } = await services.gallery.picture(
        image,
        extent * devicePixelRatio,
        orientation,
      )
      if (!signal.aborted && canvas.current) {
        canvas.current.width = bitmap.width
        canvas.current.height = bitmap.height
        canvas.current.getContext('2d')!.drawImage(bitmap, 0, 0)
        setPicture({ image, orientation, width, height })
      }
      bitmap.close()
    }, getState().report)
  }, [image, extent, orientation, getState, services])

  const { width, height } = picture ?? { width: 1, height: 1 }
  const scale = extent / Math.max(width, height)
  const frame = framing(inputShape, preprocessing)
  const rect = sourceRect(seat ?? box, frame, { width, height })
  const isThere = picture?.image === image && picture.orientation === orientation
  return (
    <div className="picture" style={{ height: extent }}>
      <div
        className="picture-frame"
        style={{ width: width * scale, height: height * scale }}
        data-heat={grid !== null || undefined}
      >
        <canvas ref={canvas} width={1} height={1} data-enlarged={scale > 1 || undefined} />
        {isThere && grid && layer !== null && channel !== null && (
          <Suspense>
            <HeatOverlay {...{ layer, channel, image, grid, frame }} picture={{ width, height }} />
          </Suspense>
        )}
        {isThere && (
          <svg
            viewBox={`0 0 ${width} ${height}`}
            className="picture-box"
            role="img"
            aria-label={seat ? 'The seat of the unit in its image' : 'The patch in its image'}
          >
            <Unseen seen={seenRect(frame, { width, height })} width={width} height={height} />
            <FrameInPicture rect={rect} />
          </svg>
        )}
        <ImageLargeButton patch={patch} />
      </div>
    </div>
  )
}

/** Shades the parts that were cut off before the network saw the picture. */
function Unseen({ seen, width, height }: { seen: Rect; width: number; height: number }) {
  if (seen.width >= width && seen.height >= height) return null
  const { left, top } = seen
  const hole = `M${left} ${top}h${seen.width}v${seen.height}h${-seen.width}z`
  return (
    <path className="picture-unseen" fillRule="evenodd" d={`M0 0h${width}v${height}h${-width}z${hole}`}>
      <title>The network does not see this part</title>
    </path>
  )
}
