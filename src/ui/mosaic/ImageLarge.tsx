/** @file The image of a patch, as large as the window and with all its pixels, to zoom and to move about in. */
import { Maximize, ScanSearch, X, ZoomIn, ZoomOut } from 'lucide-react'
import { type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Heading } from 'react-aria-components'
import { framing, sourceRect } from '../../core/preprocessing/fit.ts'
import type { Patch } from '../../state/mosaic/patches.ts'
import { shownHeatGrid } from '../../state/selectors/heat.ts'
import { inputShapeOf, modelOf, preprocessingOf } from '../../state/selectors/shown.ts'
import { formatActivation, formatExtent } from '../common/format.ts'
import { FrameInPicture } from '../common/FrameInPicture.tsx'
import { useNames } from '../results/useNames.ts'
import { IconButton } from '../common/IconButton.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { HeatOpacity } from './heat/HeatOpacity.tsx'
import HeatOverlay from './heat/HeatOverlay.tsx'
import { HeatSwitch } from './heat/HeatSwitch.tsx'
import { Name } from '../common/Name.tsx'
import './imageLarge.css'

/** The longest side that any browser draws. */
const mostSide = 8192
/** The most CSS pixels that a pixel of the picture gets. */
const largest = 16
const step = 1.5

export default function ImageLarge({ patch, onClose }: { patch: Patch; onClose: () => void }) {
  return (
    <ModalPage onClose={onClose} className="image-modal" dialogClassName="image-dialog">
      <Contents patch={patch} onClose={onClose} />
    </ModalPage>
  )
}

interface Size {
  readonly width: number
  readonly height: number
}

interface ContentsProps {
  patch: Patch
  onClose: () => void
}

function Contents({ patch: { image, box, seat, activation }, onClose }: ContentsProps) {
  const { getState, services } = useAppStore()
  const { pathOf } = useNames()
  const inputShape = useApp(inputShapeOf)!
  const preprocessing = useApp(preprocessingOf)
  const hasModel = useApp((state) => modelOf(state) !== null)
  const showImage = useApp((state) => state.showImage)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [size, setSize] = useState<Size | null>(null)
  const { orientation } = preprocessing

  useEffect(() => {
    return untilCleanup(async (signal) => {
      const { bitmap, width, height } = await services.gallery.picture(image, mostSide, orientation)
      if (!signal.aborted && canvas.current) {
        canvas.current.width = bitmap.width
        canvas.current.height = bitmap.height
        canvas.current.getContext('2d')!.drawImage(bitmap, 0, 0)
        setSize({ width, height })
      }
      bitmap.close()
    }, getState().report)
  }, [image, orientation, getState, services])

  const { room, zoom, setZoom, scale, drag } = useZoom(size)
  const layer = useApp((state) => state.layer)
  const channel = useApp((state) => state.channel)
  const grid = useApp((state) => shownHeatGrid(state, state.layer))
  const frame = framing(inputShape, preprocessing)
  const rect = size && sourceRect(seat ?? box, frame, size)
  return (
    <>
      <div className="panel-head">
        <Heading slot="title" className="image-title" title={pathOf(image)}>
          <Name>{pathOf(image)}</Name>
        </Heading>
        <span className="muted">
          {formatActivation(activation)}
          {size && ` · ${formatExtent([size.width, size.height])} pixels · ${Math.round(scale * 100)} %`}
        </span>
        <span className="spacer" />
        {hasModel && (
          <IconButton
            label="Channels that fire here"
            hint="Opens the page of this image"
            onPress={() => {
              onClose()
              showImage(getState().images!.table.paths[image]!)
            }}
          >
            <ScanSearch size={18} />
          </IconButton>
        )}
        <HeatSwitch />
        {grid && <HeatOpacity />}
        <IconButton label="Zoom out" onPress={() => setZoom(zoom / step)}>
          <ZoomOut size={18} />
        </IconButton>
        <IconButton label="Zoom in" onPress={() => setZoom(zoom * step)}>
          <ZoomIn size={18} />
        </IconButton>
        <IconButton label="Fit into the window" onPress={() => setZoom(1)}>
          <Maximize size={18} />
        </IconButton>
        <IconButton slot="close" label="Close">
          <X size={18} />
        </IconButton>
      </div>
      {/* It scrolls, also by keyboard. */}
      <div
        ref={room}
        className="image-room"
        role="group"
        aria-label="Image"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        data-loading={size === null || undefined}
        {...drag}
      >
        <div
          className="image-sheet"
          style={size ? { width: size.width * scale, height: size.height * scale } : undefined}
          data-heat={grid !== null || undefined}
        >
          <canvas ref={canvas} width={1} height={1} data-enlarged={scale > 1 || undefined} />
          {size && grid && layer !== null && channel !== null && (
            <HeatOverlay {...{ layer, channel, image, grid, frame }} picture={size} />
          )}
          {size && rect && (
            <svg
              viewBox={`0 0 ${size.width} ${size.height}`}
              className="picture-box"
              role="img"
              aria-label={seat ? 'The seat of the unit in its image' : 'The patch in its image'}
            >
              <FrameInPicture rect={rect} />
            </svg>
          )}
        </div>
      </div>
    </>
  )
}

interface Zoom {
  room: React.RefObject<HTMLDivElement | null>
  /** At 1 the whole picture is in the window. */
  zoom: number
  setZoom: (zoom: number) => void
  /** How many CSS pixels a pixel of the picture gets. */
  scale: number
  drag: {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void
    onPointerMove: (event: PointerEvent<HTMLElement>) => void
  }
}

function useZoom(size: Size | null): Zoom {
  const room = useRef<HTMLDivElement>(null)
  const [zoom, setZoomTo] = useState(1)
  const [fit, setFit] = useState(1)
  /** Which point of the picture stays at which point of the window, in shares of their sizes. */
  const kept = useRef<{ picture: [number, number]; room: [number, number] } | null>(null)

  useLayoutEffect(() => {
    const element = room.current
    if (!element || !size) return
    const measure = (): void =>
      setFit(Math.min(element.clientWidth / size.width, element.clientHeight / size.height, largest))
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [size])

  const keep = (x: number, y: number): void => {
    const element = room.current!
    kept.current = {
      picture: [
        (element.scrollLeft + x) / Math.max(1, element.scrollWidth),
        (element.scrollTop + y) / Math.max(1, element.scrollHeight),
      ],
      room: [x, y],
    }
  }
  const setZoom = (wanted: number, x?: number, y?: number): void => {
    const element = room.current!
    keep(x ?? element.clientWidth / 2, y ?? element.clientHeight / 2)
    setZoomTo(Math.min(Math.max(1, wanted), Math.max(1, largest / fit)))
  }
  const latest = useRef({ zoom, setZoom })
  useEffect(() => {
    latest.current = { zoom, setZoom }
  })

  useLayoutEffect(() => {
    const element = room.current
    if (!element || !kept.current) return
    const { picture, room: at } = kept.current
    element.scrollTo(picture[0] * element.scrollWidth - at[0], picture[1] * element.scrollHeight - at[1])
  }, [zoom])

  useEffect(() => {
    const element = room.current!
    // React's listeners for the wheel cannot keep the page from scrolling.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const { left, top } = element.getBoundingClientRect()
      const factor = Math.exp(-event.deltaY / 300)
      latest.current.setZoom(latest.current.zoom * factor, event.clientX - left, event.clientY - top)
    }
    // Works wherever in the dialog the focus is.
    const onKeyDown = ({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): void => {
      if (altKey || ctrlKey || metaKey) return
      const { zoom: now, setZoom: set } = latest.current
      if (key === '+' || key === '=') set(now * step)
      else if (key === '-') set(now / step)
      else if (key === '0') set(1)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    document.addEventListener('keydown', onKeyDown)
    return () => {
      element.removeEventListener('wheel', onWheel)
      document.removeEventListener('keydown', onKeyDown)
    }
  }, [])

  return {
    room,
    zoom,
    setZoom: (wanted) => setZoom(wanted),
    scale: fit * zoom,
    drag: {
      onPointerDown: (event) => {
        // Fingers scroll by themselves.
        if (event.pointerType === 'mouse') event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerMove: (event) => {
        if (event.pointerType === 'mouse' && event.buttons === 1)
          event.currentTarget.scrollBy(-event.movementX, -event.movementY)
      },
    },
  }
}
