/** @file Shows a picture as it is, with a frame around what the network sees, and beside it what the network gets. */
import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react'
import { framing, seenRect } from '../../core/preprocessing/fit.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { InputInspection } from '../../engine/preprocessing/inspectInput.ts'
import { FrameInPicture } from '../common/FrameInPicture.tsx'
import { formatActivation } from '../common/format.ts'
import { useApp } from '../useApp.ts'

interface Props {
  inspection: InputInspection | null
  problem: string | null
  preprocessing: Preprocessing
}

export function PreprocessingFigures({ inspection, problem, preprocessing }: Props) {
  const inputShape = useApp((state) => state.model!.network.inputShape)
  const [rows, columns, channels] = inputShape
  if (problem !== null)
    return (
      <p className="input-problem" role="alert">
        This image cannot be shown: {problem}
      </p>
    )
  const { width, height } = inspection ?? { width: 1, height: 1 }
  const seen = seenRect(framing(inputShape, preprocessing), { width, height })
  const whole = seen.width >= width && seen.height >= height
  return (
    <div className="input-figures">
      <Figure
        bitmap={inspection?.picture ?? null}
        width={width}
        height={height}
        label="The picture in the file"
      >
        <figcaption>
          In the file: {inspection ? `${height}×${width}` : '…'}
          {whole ? '. All of it is seen.' : '. What is seen lies in the frame.'}
        </figcaption>
        {!whole && (
          <svg viewBox={`0 0 ${width} ${height}`} className="picture-box" aria-hidden>
            <FrameInPicture rect={seen} />
          </svg>
        )}
      </Figure>
      <Figure bitmap={inspection?.input ?? null} width={columns} height={rows} label="What the network gets">
        <figcaption>
          For the network: {rows}×{columns}×{channels}. {inspection && <Ends inspection={inspection} />}
        </figcaption>
      </Figure>
    </div>
  )
}

/**
 * The values that are drawn as black and white. The drawing uses the full range of its own numbers, so it looks right
 * even if that range is wrong; only these values tell.
 */
function Ends({ inspection }: { inspection: InputInspection }) {
  const { channels } = inspection.statistics
  const min = Math.min(...channels.map((one) => one.min))
  const max = Math.max(...channels.map((one) => one.max))
  return (
    <>
      Black is <b>{formatActivation(min)}</b>, white <b>{formatActivation(max)}</b>.
    </>
  )
}

interface FigureProps {
  bitmap: ImageBitmap | null
  width: number
  height: number
  label: string
  children: ReactNode
}

function Figure({ bitmap, width, height, label, children }: FigureProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (!bitmap || !canvas.current) return
    canvas.current.width = bitmap.width
    canvas.current.height = bitmap.height
    canvas.current.getContext('2d')!.drawImage(bitmap, 0, 0)
  }, [bitmap])
  const [caption, ...over] = [children].flat()
  return (
    <figure className="input-figure">
      <div className="input-figure-room">
        <div
          className="input-figure-frame"
          style={{ '--ratio': width / height, aspectRatio: 'var(--ratio)' } as CSSProperties}
        >
          <canvas
            ref={canvas}
            width={1}
            height={1}
            role="img"
            aria-label={label}
            data-enlarged={width < 320 || undefined}
          />
          {over}
        </div>
      </div>
      {caption}
    </figure>
  )
}
