/** @file A mosaic as it is shown, with outlines around patches that have just come in. */
import { mosaicExtent, type MosaicLayout, slotOrigin } from '../../core/mosaic/layout.ts'
import type { Mosaic } from './useMosaic.ts'

interface Props {
  mosaic: Mosaic
  /** In device pixels. */
  layout: MosaicLayout
}

export function MosaicCanvas({ mosaic: { canvas, fresh }, layout }: Props) {
  const css = (pixels: number): number => pixels / devicePixelRatio
  const size = css(mosaicExtent(layout))
  const patch = css(layout.patch)
  return (
    <>
      {/* One pixel wide until there is something on it. */}
      <canvas ref={canvas} width={1} height={1} style={{ width: size, height: size }} />
      {fresh.map((rank) => {
        const { x, y } = slotOrigin(layout, rank)
        return (
          <span
            key={rank}
            className="mosaic-fresh"
            style={{ left: css(x), top: css(y), width: patch, height: patch }}
          />
        )
      })}
    </>
  )
}
