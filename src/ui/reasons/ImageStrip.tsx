/** @file A few images as small pictures, drawn by the gallery into one; each opens its page. */
import { inSentence, shownText } from '../../core/shownText.ts'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { stepInGrid } from '../../core/mosaic/gridSteps.ts'
import { type MosaicLayout, mosaicExtent, slotOrigin } from '../../core/mosaic/layout.ts'
import { patchesVersion } from '../../state/mosaic/patches.ts'
import { Later } from '../common/Later.tsx'
import { untilCleanup } from '../common/untilCleanup.ts'
import { usePanelWidth } from '../common/useScreen.ts'
import { patchRenderer } from '../mosaic/patchRenderer.ts'
import { useApp, useAppStore } from '../useApp.ts'

/** CSS pixels of a picture, and the most rows. */
const extent = 44
const mostRows = 3

interface Props {
  title: string
  items: readonly { readonly image: number; readonly text: string }[]
}

export function ImageStrip({ title, items }: Props) {
  const { getState, services } = useAppStore()
  const images = useApp((state) => state.images)!
  const inputShape = useApp((state) => state.model!.network.inputShape)
  const preprocessing = useApp((state) => state.preprocessing)
  const showImage = useApp((state) => state.showImage)
  const [focused, setFocused] = useState(0)
  const width = usePanelWidth()
  const group = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const ratio = devicePixelRatio
  const gap = Math.max(1, Math.round(2 * ratio))
  const patch = Math.round(extent * ratio)
  const columns = Math.max(1, Math.floor((width * ratio + gap) / (patch + gap)))
  const shown = useMemo(() => items.slice(0, columns * mostRows), [items, columns])
  const height = Math.ceil(shown.length / columns) * (patch + gap) - gap
  const across = mosaicExtent({ side: columns, patch, gap })
  const patches = useMemo(
    () =>
      shown.map(({ image }) => ({
        image,
        activation: 0,
        unit: [0, 0] as const,
        box: [0, 0, inputShape[0], inputShape[1]] as const,
      })),
    [shown, inputShape],
  )

  useEffect(() => {
    const layout: MosaicLayout = { side: columns, patch, gap }
    const key = `images/${columns}/${patch}`
    const update = async (signal: AbortSignal): Promise<void> => {
      const sources = { images, inputShape, preprocessing, toEdge: false }
      const render = patchRenderer(services, patches, sources, layout)
      const draw = (): void => {
        const mosaic = services.mosaics.peek(key)
        if (signal.aborted || !canvas.current || !mosaic) return
        canvas.current.width = across
        canvas.current.height = height
        canvas.current.getContext('2d')!.drawImage(mosaic.bitmap, 0, 0)
      }
      if (await services.mosaics.refresh(key, patchesVersion(patches), render, () => !signal.aborted, draw))
        draw()
    }
    return untilCleanup(update, getState().report)
  }, [patches, columns, patch, gap, across, height, inputShape, preprocessing, images, getState, services])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const to = stepInGrid(event.key, focused, { items: shown.length, columns, rowsPerPage: mostRows })
    if (to === null) return
    event.preventDefault()
    group.current?.querySelectorAll<HTMLElement>('button')[to]?.focus()
  }
  const css = (pixels: number): number => pixels / ratio
  return (
    <div>
      <h4>
        {title}
        {shown.length < items.length && `, of which ${shown.length} are shown`}
      </h4>
      <div className="statistics-strip" style={{ width: css(across), height: css(height) }}>
        <canvas
          ref={canvas}
          aria-hidden
          width={1}
          height={1}
          style={{ width: css(across), height: css(height) }}
        />
        <Later>
          {/* The group only handles the keys of its buttons. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <div ref={group} role="group" aria-label={title} className="roving" onKeyDown={onKeyDown}>
            {shown.map(({ image, text }, index) => {
              const path = shownText(images.table.paths[image]!)
              const { x, y } = slotOrigin({ side: columns, patch, gap }, index)
              return (
                <button
                  key={image}
                  type="button"
                  className="patch-button"
                  aria-label={`Image ${inSentence(path)}, ${text}`}
                  title={`${text}\n${path}`}
                  style={{ left: css(x), top: css(y), width: css(patch), height: css(patch) }}
                  tabIndex={index === Math.min(focused, shown.length - 1) ? 0 : -1}
                  onFocus={() => setFocused(index)}
                  onClick={() => showImage(path)}
                />
              )
            })}
          </div>
        </Later>
      </div>
    </div>
  )
}
