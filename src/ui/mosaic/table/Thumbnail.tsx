/** @file The mosaic of a row. It comes a moment after the row, so that rows that are scrolled past make none. */
import { useEffect, useState } from 'react'
import { deviceLayout } from '../MosaicTile.tsx'
import { MosaicCanvas } from '../MosaicCanvas.tsx'
import { useChannelNews } from '../useChannelNews.ts'
import { useMosaic } from '../useMosaic.ts'
import { useApp } from '../../useApp.ts'
import { thumbExtent } from './columns.ts'

/** A row is on the screen for less than this if it is scrolled past. */
const stayMs = 120

interface Props {
  layer: string
  channel: number
}

export function Thumbnail({ layer, channel }: Props) {
  const [stays, setStays] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setStays(true), stayMs)
    return () => clearTimeout(timer)
  }, [])
  return stays ? <Mosaic layer={layer} channel={channel} /> : null
}

function Mosaic({ layer, channel }: Props) {
  const k = useApp((state) => state.k)
  const layout = deviceLayout(k, thumbExtent)
  const canvas = useMosaic(useChannelNews(layer, channel), layout)
  return <MosaicCanvas canvas={canvas} layout={layout} />
}
