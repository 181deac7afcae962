/**
 * @file The picture that is looked at, with the map of a channel over it. Pointing at a spot, or choosing one by arrow keys, asks for
 * the units there; a click holds the spot. While something is drawn, the pointer and the keys move the brush.
 */
import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useRef,
  useState,
} from 'react'
import type { Spot } from './probingContext.ts'

export interface Brush {
  /** Begins a stroke, or goes on with it; in shares of the picture's sides. */
  onDown(at: Pick<Spot, 'x' | 'y'>): void
  onMove(at: Pick<Spot, 'x' | 'y'>): void
}

interface Props {
  canvas: Ref<HTMLCanvasElement>
  /** In pixels; null until there is a picture. */
  size: { readonly width: number; readonly height: number } | null
  spot: Spot | null
  onSpot: (spot: Spot | null) => void
  /** Is null if nothing is drawn. */
  brush: Brush | null
  /** Lies over the picture. */
  children?: ReactNode
}

/** Pictures with fewer pixels are drawn enlarged, pixel by pixel. */
const smallSide = 256

/** Of the picture's side, for each press of an arrow key. */
const keyStep = 1 / 32

export function ProbedPicture({ canvas, size, spot, onSpot, brush, children }: Props) {
  const isDown = useRef(false)
  const [cursor, setCursor] = useState<Pick<Spot, 'x' | 'y'>>({ x: 0.5, y: 0.5 })

  const placeOf = (event: PointerEvent<HTMLElement>): Pick<Spot, 'x' | 'y'> => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
    return { x: within((event.clientX - left) / width), y: within((event.clientY - top) / height) }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (step) {
      const [dx, dy] = step as [number, number]
      const from = spot ?? cursor
      const to = { x: within(from.x + dx * keyStep), y: within(from.y + dy * keyStep) }
      setCursor(to)
      if (!brush) onSpot({ ...to, isPinned: true })
      else if (event.shiftKey) {
        brush.onDown(from)
        brush.onMove(to)
      }
    } else if (brush && (event.key === ' ' || event.key === 'Enter')) {
      brush.onDown(cursor)
    } else if (spot && event.key === 'Backspace') onSpot(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const shown = brush ? cursor : spot
  return (
    <div className="probed" data-loading={size === null || undefined}>
      <div
        className="probed-frame"
        style={size ? ({ '--ratio': size.width / size.height } as CSSProperties) : undefined}
        data-small={(size && Math.max(size.width, size.height) < smallSide) || undefined}
      >
        <canvas ref={canvas} width={1} height={1} />
        {children}
        {size && (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <div
            className="probed-spots"
            role="group"
            aria-label={
              brush
                ? 'Picture: arrow keys move the brush, Space draws a dot, Shift and an arrow key a line'
                : 'Picture: arrow keys choose a spot'
            }
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            data-brush={brush !== null || undefined}
            onKeyDown={onKeyDown}
            onPointerDown={(event) => {
              if (!brush || event.button !== 0) return
              event.currentTarget.setPointerCapture(event.pointerId)
              isDown.current = true
              brush.onDown(placeOf(event))
            }}
            onPointerMove={(event) => {
              const at = placeOf(event)
              if (brush) {
                setCursor(at)
                if (isDown.current) brush.onMove(at)
              } else if (!spot?.isPinned && event.pointerType === 'mouse') onSpot({ ...at, isPinned: false })
            }}
            onPointerUp={() => {
              isDown.current = false
            }}
            onPointerLeave={() => {
              if (spot && !spot.isPinned) onSpot(null)
            }}
            onClick={(event) => {
              // A key that presses it has no place.
              if (brush || event.detail === 0) return
              onSpot({ ...placeOf(event as unknown as PointerEvent<HTMLElement>), isPinned: true })
            }}
          >
            {shown && (
              <span
                className="probed-cross"
                style={{ left: `${100 * shown.x}%`, top: `${100 * shown.y}%` }}
                data-pinned={spot?.isPinned || undefined}
                aria-hidden
              />
            )}
          </div>
        )}
      </div>
    </div>
  )
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share))
}
