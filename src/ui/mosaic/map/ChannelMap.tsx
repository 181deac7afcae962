/**
 * @file The channels of a layer as marks on a map, drawn on one canvas. What has the focus, what is chosen and what the pointer is
 * on are elements above it.
 */
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import {
  type KeyboardEvent,
  type PointerEvent,
  useDeferredValue,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { classColor } from '../../../core/mosaic/classColors.ts'
import { type Direction, stepOnMap } from '../../../core/mosaic/mapLayout.ts'
import { leadingClass } from '../../../core/scan/classShares.ts'
import { correlationsOf } from '../../../core/scan/correlation.ts'
import { sampledMaxima } from '../../../core/scan/statistics/sampledMaxima.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import type { ChannelLayout } from '../../../engine/mosaic/layOutChannels.ts'
import { tableOf } from '../../../state/selectors/shown.ts'
import { IconButton } from '../../common/IconButton.tsx'
import { useApp, useAppStore } from '../../useApp.ts'
import { useShownChannels } from '../useShownChannels.ts'
import { MapCard } from './MapCard.tsx'
import { MapPicture } from './MapPicture.tsx'
import { type Extent, type Mark, markAt, placeOf, sizeOf, visibleMarks } from './marks.ts'
import { useMapView, zoomStep } from './useMapView.ts'

interface Props {
  layer: string
  result: ReadableResult
  layout: ChannelLayout
}

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

export function ChannelMap(props: Props) {
  const { layout } = props
  const shownChannels = useShownChannels()
  const shown = useMemo(() => {
    const wanted = new Set(shownChannels)
    return new Set([...layout.channels].filter((channel) => wanted.has(channel)))
  }, [shownChannels, layout])
  if (shown.size === 0) return <p className="empty">The filter hides all channels of this map.</p>
  return <Marks {...props} shown={shown} />
}

function Marks({ layer, result, layout, shown }: Props & { shown: ReadonlySet<number> }) {
  const store = useAppStore()
  const box = useRef<HTMLDivElement>(null)
  const extent = useExtent(box)
  const { view, enlarge, fit, centre } = useMapView(box, extent)
  const chosen = useApp((state) => state.channel)
  const [hovered, setHovered] = useState<{ mark: Mark; x: number; y: number } | null>(null)
  const [hasFocus, setFocus] = useState(false)
  const optionId = useId()

  const marks = useMemo(
    () => visibleMarks(layout, shown, extent, view, chosen),
    [layout, shown, extent, view, chosen],
  )
  const size = sizeOf(shown.size, extent, view)
  const frames = useFrames(result, layout)
  const correlations = useCorrelations(result, shown.has(chosen ?? -1) ? chosen : null)

  const indexOf = (channel: number | null): number | null =>
    channel !== null && shown.has(channel) ? layout.channels.indexOf(channel) : null
  const chosenIndex = indexOf(chosen)
  const activeIndex = chosenIndex ?? middlemost(layout, shown)
  const active = activeIndex === null ? null : layout.channels[activeIndex]!
  const place = activeIndex === null ? null : placeOf(layout.points, activeIndex, shown.size, extent)

  // A channel that was chosen elsewhere, or by a key, is brought onto the screen.
  useEffect(() => {
    if (chosenIndex === null || extent.width === 0) return
    const [px, py] = placeOf(layout.points, chosenIndex, shown.size, extent)
    const [x, y] = [px * view.k + view.x, py * view.k + view.y]
    if (x < 0 || y < 0 || x > extent.width || y > extent.height) centre([px, py])
    // Not when the user moves the map.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [chosenIndex, layout])

  const choose = (channel: number | null): void => store.getState().showChannel(channel)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || activeIndex === null || active === null) return
    const direction = directions[event.key]
    if (direction) {
      const isShown = (index: number): boolean => shown.has(layout.channels[index]!)
      const aspect = extent.width / extent.height
      const to =
        chosen === null ? activeIndex : stepOnMap(layout.points, activeIndex, direction, aspect, isShown)
      if (to !== null) choose(layout.channels[to]!)
    } else if (event.key === 'Enter' || event.key === ' ') choose(active)
    else if (event.key === '+' || event.key === '=') enlarge(zoomStep)
    else if (event.key === '-') enlarge(1 / zoomStep)
    else if (event.key === '0') fit()
    else if (event.key === 'Escape' && chosen !== null) choose(null)
    else return
    event.preventDefault()
  }
  const at = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
    const { left, top } = box.current!.getBoundingClientRect()
    const [x, y] = [clientX - left, clientY - top]
    return { mark: markAt(marks, size, x, y), x, y }
  }
  const onPointerMove = (event: PointerEvent): void => {
    const { mark, x, y } = at(event)
    setHovered(mark && event.pointerType === 'mouse' && event.buttons === 0 ? { mark, x, y } : null)
  }

  return (
    <div className="map">
      <div
        ref={box}
        className="map-box"
        role="listbox"
        tabIndex={0}
        aria-label="Map of channels"
        aria-activedescendant={active === null ? undefined : optionId}
        data-hovers={hovered ? true : undefined}
        onKeyDown={onKeyDown}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setHovered(null)}
        onClick={(event) => {
          const { mark } = at(event)
          if (mark) choose(mark.channel)
        }}
      >
        <MapPicture
          layer={layer}
          result={result}
          {...{ marks, size, extent, frames, correlations, chosen }}
        />
        {active !== null && place && (
          <div
            id={optionId}
            className="map-mark"
            role="option"
            aria-label={`Channel ${active}`}
            aria-selected={active === chosen}
            aria-posinset={[...shown].indexOf(active) + 1}
            aria-setsize={shown.size}
            data-focused={hasFocus || undefined}
            style={{
              left: place[0] * view.k + view.x - size / 2,
              top: place[1] * view.k + view.y - size / 2,
              width: size,
              height: size,
            }}
          />
        )}
      </div>
      <div className="map-buttons" role="group" aria-label="Zoom">
        <IconButton label="Zoom in" hint="Key +" isUnavailable={false} onPress={() => enlarge(zoomStep)}>
          <ZoomIn size={16} />
        </IconButton>
        <IconButton
          label="Zoom out"
          hint="Key −"
          isUnavailable={view.k <= 1}
          onPress={() => enlarge(1 / zoomStep)}
        >
          <ZoomOut size={16} />
        </IconButton>
        <IconButton label="Show all" hint="Key 0" isUnavailable={view.k <= 1} onPress={fit}>
          <Maximize size={16} />
        </IconButton>
      </div>
      {hovered && (
        <MapCard
          layer={layer}
          result={result}
          channel={hovered.mark.channel}
          x={hovered.x}
          y={hovered.y}
          extent={extent}
          with={
            correlations && chosen !== null && hovered.mark.channel !== chosen
              ? { channel: chosen, correlation: correlations[hovered.mark.channel]! }
              : null
          }
        />
      )}
    </div>
  )
}

/** The index of the shown channel that lies nearest to the middle of the map. */
function middlemost({ channels, points }: ChannelLayout, shown: ReadonlySet<number>): number | null {
  let best: number | null = null
  let least = Infinity
  for (const [i, channel] of channels.entries()) {
    const distance = Math.hypot(points[2 * i]! - 0.5, points[2 * i + 1]! - 0.5)
    if (shown.has(channel) && distance < least) [best, least] = [i, distance]
  }
  return best
}

/** The size of the map; 0 until it is known. */
function useExtent(box: React.RefObject<HTMLElement | null>): Extent {
  const [extent, setExtent] = useState<Extent>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      setExtent({ width, height })
    })
    observer.observe(box.current!)
    return () => observer.disconnect()
  }, [box])
  return extent
}

/** The colour of the class that most of a channel's patches are of, by channel; none if there are no classes. */
function useFrames(result: ReadableResult, layout: ChannelLayout): ReadonlyMap<number, string> {
  const table = useApp(tableOf)
  const k = useApp((state) => state.k)
  return useMemo(() => {
    if (!table || table.classNames.length < 2) return new Map()
    return new Map(
      [...layout.channels].flatMap((channel) => {
        const leading = leadingClass(result, channel, k, table.classOf)
        return leading ? [[channel, classColor(leading.classNumber)] as const] : []
      }),
    )
  }, [table, k, result, layout])
}

/**
 * The correlations of the chosen channel with all of the layer. They take some milliseconds, so they follow a click in a task of
 * their own; null until they are there.
 */
function useCorrelations(result: ReadableResult, chosen: number | null): Float64Array | null {
  const followed = useDeferredValue(chosen)
  const values = useMemo(() => {
    const sample = followed === null ? null : result.of(sampledMaxima, followed)
    return sample && correlationsOf(sample, followed!, sample).values
  }, [result, followed])
  return followed === chosen ? values : null
}
