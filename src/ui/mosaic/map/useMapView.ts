/** @file Moving and enlarging the map by pointer, wheel and fingers (d3-zoom), and by keys and buttons. */
import { select, type Selection } from 'd3-selection'
import { zoom, type ZoomBehavior, zoomIdentity } from 'd3-zoom'
import { type RefObject, useEffect, useMemo, useState } from 'react'
import type { Extent, View } from './marks.ts'

/** How many times the map can be enlarged. */
const most = 40
/** By how much one key or button enlarges. */
export const zoomStep = 1.5

export interface MapViewControl {
  readonly view: View
  /** Enlarges around the middle. */
  enlarge(by: number): void
  /** Shows all of the map. */
  fit(): void
  /** Moves the map so that a place of it is in the middle. */
  centre(place: readonly [number, number]): void
}

export function useMapView(
  element: RefObject<HTMLElement | null>,
  { width, height }: Extent,
): MapViewControl {
  const [view, setView] = useState<View>(zoomIdentity)
  const behaviour = useMemo<ZoomBehavior<HTMLElement, unknown>>(
    () => zoom<HTMLElement, unknown>().scaleExtent([1, most]),
    [],
  )
  useEffect(() => {
    const target = select(element.current!)
    behaviour.on('zoom', ({ transform }: { transform: View }) => setView(transform))
    // A double click opens a channel twice and moves nothing.
    target.call(behaviour).on('dblclick.zoom', null)
    return () => void target.on('.zoom', null)
  }, [element, behaviour])
  useEffect(() => {
    behaviour
      .extent([
        [0, 0],
        [width, height],
      ])
      .translateExtent([
        [0, 0],
        [width, height],
      ])
  }, [behaviour, width, height])
  const on = (): Selection<HTMLElement, unknown, null, undefined> => select(element.current!)
  return {
    view,
    enlarge: (by) => behaviour.scaleBy(on(), by),
    fit: () => behaviour.transform(on(), zoomIdentity),
    centre: ([x, y]) => behaviour.translateTo(on(), x, y),
  }
}
