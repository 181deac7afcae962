/** @file The mosaic of a row. It comes when the row has stayed and nothing scrolls, so that scrolling past makes none. */
import { useEffect, useState } from 'react'
import { ChannelMosaic } from '../ChannelMosaic.tsx'
import { thumbExtent } from './columns.ts'

/** A row is on the screen for less than this if it is scrolled past, and scrolling has ended if nothing moves for so long. */
const stayMs = 120

let lastScroll = -Infinity

/** To be called whenever the rows are scrolled. */
export function noteScroll(): void {
  lastScroll = performance.now()
}

interface Props {
  layer: string
  channel: number
}

export function Thumbnail({ layer, channel }: Props) {
  const [stays, setStays] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const wait = (): void => {
      timer = setTimeout(() => {
        if (performance.now() - lastScroll < stayMs) wait()
        else setStays(true)
      }, stayMs)
    }
    wait()
    return () => clearTimeout(timer)
  }, [])
  return stays ? <ChannelMosaic layer={layer} channel={channel} extent={thumbExtent} /> : null
}
