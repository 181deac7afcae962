/** @file A whole image with the box of a patch drawn into it; what hangs over the edge is shown as such. */
import { useEffect, useRef, useState } from 'react'
import { framing, sourceRect } from '../../core/images/fit.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import { useApp, useAppStore } from '../useApp.ts'

interface Props {
  image: number
  box: Box
  /** CSS pixels of the longer side. */
  extent: number
}

export function PatchInImage({ image, box, extent }: Props) {
  const { getState, services } = useAppStore()
  const inputShape = useApp((state) => state.model!.network.inputShape)
  const preprocessing = useApp((state) => state.preprocessing)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [picture, setPicture] = useState<{ image: number; width: number; height: number } | null>(null)

  useEffect(() => {
    let wanted = true
    const load = async (): Promise<void> => {
      const { bitmap, width, height } = await services.gallery.picture(image, extent * devicePixelRatio)
      if (wanted && canvas.current) {
        canvas.current.width = bitmap.width
        canvas.current.height = bitmap.height
        canvas.current.getContext('2d')!.drawImage(bitmap, 0, 0)
        setPicture({ image, width, height })
      }
      bitmap.close()
    }
    load().catch(getState().report)
    return () => {
      wanted = false
    }
  }, [image, extent, getState, services])

  const { width, height } = picture ?? { width: 1, height: 1 }
  const scale = extent / Math.max(width, height)
  const rect = sourceRect(box, framing(inputShape, preprocessing), { width, height })
  return (
    <div className="picture" style={{ height: extent }}>
      <div className="picture-frame" style={{ width: width * scale, height: height * scale }}>
        <canvas ref={canvas} width={1} height={1} data-enlarged={scale > 1 || undefined} />
        {picture?.image === image && (
          <svg
            viewBox={`0 0 ${width} ${height}`}
            className="picture-box"
            role="img"
            aria-label="The patch in its image"
          >
            <rect
              className="picture-box-halo"
              x={rect.left}
              y={rect.top}
              width={rect.width}
              height={rect.height}
            />
            <rect x={rect.left} y={rect.top} width={rect.width} height={rect.height} />
          </svg>
        )}
      </div>
    </div>
  )
}
