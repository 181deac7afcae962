/** @file The mosaic of a channel as a small picture, without anything around it. */
import { useApp } from '../useApp.ts'
import { MosaicCanvas } from './MosaicCanvas.tsx'
import { deviceLayout } from './MosaicTile.tsx'
import { useChannelNews } from './useChannelNews.ts'
import { useMosaic } from './useMosaic.ts'

interface Props {
  layer: string
  channel: number
  /** CSS pixels. */
  extent: number
}

export function ChannelMosaic({ layer, channel, extent }: Props) {
  const k = useApp((state) => state.k)
  const layout = deviceLayout(k, extent)
  const canvas = useMosaic(useChannelNews(layer, channel), layout)
  return <MosaicCanvas canvas={canvas} layout={layout} />
}
