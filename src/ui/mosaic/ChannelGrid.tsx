/**
 * @file The mosaics of a layer as a grid; only the tiles on the screen exist. A click and a scroll have
 * milliseconds, so a tile is a few plain elements, and knows by itself whether it is chosen: the grid renders when
 * rows come or go, and at no other time.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { stepInGrid } from '../../core/mosaic/gridSteps.ts'
import { tileGrid } from '../../core/mosaic/tileGrid.ts'
import type { OpenModel } from '../../state/model/openModel.ts'
import type { TileSize } from '../../state/appState.ts'
import { dropTurn, inTurn } from '../common/turns.ts'
import { withIndex } from '../common/withIndex.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { MosaicTile } from './MosaicTile.tsx'
import { tileFactsId } from './TileCaption.tsx'
import { useShownChannels } from './useShownChannels.ts'

/** The least size of a mosaic in CSS pixels. Small ones are for looking over a layer, large ones for seeing single pixels. */
const extents: Readonly<Record<TileSize, number>> = { small: 104, medium: 156, large: 260 }

/** The height of all that is below the mosaic: a strip, a line, and the frame. */
const captionHeight = 29
const frame = 12
const gap = 4
/** The grid's padding at its end. */
const padding = 8
/** How far each layer of a model is scrolled. */
const scrolls = new WeakMap<OpenModel, Map<string, number>>()
/** The number of rows that are drawn before they are scrolled to. */
const rowsAhead = 2

export function ChannelGrid({ layer }: { layer: string }) {
  const { getState } = useAppStore()
  const channels = useShownChannels()
  const chosen = useApp((state) => state.channel)
  const tileSize = useApp((state) => state.tileSize)
  const [focused, setFocused] = useState<number | null>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const sheet = useRef<HTMLDivElement>(null)
  const room = useRoom(scroller, sheet)
  const { columns, extent, pitch } = tileGrid({
    ...room,
    tiles: channels.length,
    extent: extents[tileSize],
    frame,
    caption: captionHeight,
    gap,
  })
  const rowHeight = extent + captionHeight + frame
  const rows = columns === 0 ? 0 : Math.ceil(channels.length / columns)

  /** The one item that Tab leads to. */
  const stop =
    [focused, chosen].find((channel) => channel !== null && channels.includes(channel)) ?? channels[0]
  const stopRow = stop === undefined || rows === 0 ? null : Math.floor(channels.indexOf(stop) / columns)
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows,
    enabled: rows > 0,
    gap,
    overscan: rowsAhead,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // The row with the focus stays, or the focus would be lost.
    rangeExtractor: (range) => withIndex(range, stopRow),
  })
  // Sizes are known, and are not measured again without this.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight])

  const isFoundAgain = useScrollOfLayer(scroller, layer, columns > 0)

  useEffect(() => {
    if (isFoundAgain()) return
    const index = chosen === null ? -1 : channels.indexOf(chosen)
    if (index < 0 || columns === 0) return
    const show = (): void => virtualizer.scrollToIndex(Math.floor(index / columns), { align: 'auto' })
    // Not now: the page would have to be laid out before all that changes with the channel is there.
    inTurn(show)
    return () => dropTurn(show)
  }, [virtualizer, channels, chosen, columns, isFoundAgain])

  const moving = useRef(false)
  useEffect(() => {
    if (!moving.current || stop === undefined) return
    moving.current = false
    itemOf(scroller.current, stop)?.focus({ preventScroll: true })
  }, [stop])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || stop === undefined) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      if (event.key === 'Enter' && stop === chosen) getState().showFull(true)
      else getState().showChannel(stop)
      return
    }
    const rowsPerPage = Math.floor((scroller.current?.clientHeight ?? 0) / (rowHeight + gap))
    const to = stepInGrid(event.key, channels.indexOf(stop), { items: channels.length, columns, rowsPerPage })
    if (to === null) return
    event.preventDefault()
    const channel = channels[to]!
    moving.current = channel !== stop
    setFocused(channel)
    getState().showChannel(channel)
  }

  return (
    <div
      ref={scroller}
      className="channel-grid"
      role="grid"
      tabIndex={-1}
      aria-label="Channels"
      aria-rowcount={channels.length}
      onKeyDown={onKeyDown}
    >
      <div
        ref={sheet}
        className="channel-sheet"
        role="presentation"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer
          .getVirtualItems()
          .flatMap(({ index: row, start }) =>
            channels
              .slice(row * columns, (row + 1) * columns)
              .map((channel, column) => (
                <GridItem
                  key={channel}
                  layer={layer}
                  channel={channel}
                  number={row * columns + column + 1}
                  left={column * pitch}
                  top={start}
                  extent={extent}
                  isStop={channel === stop}
                  onFocus={setFocused}
                />
              )),
          )}
      </div>
    </div>
  )
}

interface ItemProps {
  layer: string
  channel: number
  /** The tile's number among all that are shown, from 1. */
  number: number
  /** In CSS pixels, as `top` and `extent`. A tile keeps its canvas when it moves. */
  left: number
  top: number
  extent: number
  /** Whether Tab leads to it. */
  isStop: boolean
  onFocus: (channel: number) => void
}

const GridItem = memo(function GridItem({
  layer,
  channel,
  number,
  left,
  top,
  extent,
  isStop,
  onFocus,
}: ItemProps) {
  const { getState } = useAppStore()
  const k = useApp((state) => state.k)
  const isChosen = useApp((state) => state.channel === channel)
  return (
    // Keys are the grid's.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      className="channel-item"
      role="row"
      aria-label={`Channel ${channel}`}
      aria-rowindex={number}
      aria-selected={isChosen}
      aria-describedby={tileFactsId(channel)}
      tabIndex={isStop ? 0 : -1}
      data-channel={channel}
      style={{ left, top, width: extent + frame }}
      onFocus={() => onFocus(channel)}
      onClick={() => getState().showChannel(channel)}
    >
      <MosaicTile layer={layer} channel={channel} k={k} extent={extent} />
    </div>
  )
})

/** The room for tiles in CSS pixels; 0 until it is known. */
function useRoom(
  scroller: React.RefObject<HTMLElement | null>,
  sheet: React.RefObject<HTMLElement | null>,
): { width: number; height: number } {
  const [room, setRoom] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      const width = sheet.current!.clientWidth
      const height = scroller.current!.clientHeight - padding
      setRoom((before) => (before.width === width && before.height === height ? before : { width, height }))
    })
    observer.observe(scroller.current!)
    observer.observe(sheet.current!)
    return () => observer.disconnect()
  }, [scroller, sheet])
  return room
}

/**
 * Scrolls each layer to where it was left. `isLaidOut` says whether there is something to scroll. Returns whether this has
 * just happened: then nothing else is to be scrolled to.
 */
function useScrollOfLayer(
  scroller: React.RefObject<HTMLElement | null>,
  layer: string,
  isLaidOut: boolean,
): () => boolean {
  const model = useApp((state) => state.model)
  const found = useRef(false)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element || !model || !isLaidOut) return
    if (!scrolls.has(model)) scrolls.set(model, new Map())
    const places = scrolls.get(model)!
    found.current = places.has(layer)
    element.scrollTo({ top: places.get(layer) ?? 0 })
    const note = (): void => void places.set(layer, element.scrollTop)
    element.addEventListener('scroll', note, { passive: true })
    return () => element.removeEventListener('scroll', note)
  }, [scroller, layer, model, isLaidOut])
  return useCallback(() => {
    const justNow = found.current
    found.current = false
    return justNow
  }, [])
}

function itemOf(grid: HTMLElement | null, channel: number): HTMLElement | null {
  return grid?.querySelector<HTMLElement>(`[data-channel="${channel}"]`) ?? null
}
