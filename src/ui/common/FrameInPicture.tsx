/** @file A rectangle in a picture, with a halo so that it is visible on any background. To be used inside an svg. */
import type { Rect } from '../../core/preprocessing/fit.ts'

export function FrameInPicture({ rect }: { rect: Rect }) {
  const { left: x, top: y, width, height } = rect
  return (
    <>
      <rect className="picture-box-halo" x={x} y={y} width={width} height={height} />
      <rect x={x} y={y} width={width} height={height} />
    </>
  )
}
