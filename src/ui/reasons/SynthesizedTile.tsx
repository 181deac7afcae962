/** @file The picture that is made for a channel, over its mosaic in the grid once it is there. */
import { useEffect, useMemo } from 'react'
import { tileWish } from '../../state/selectors/tileWish.ts'
import { useApp, useAppStore } from '../useApp.ts'
import type { ChannelNews } from '../mosaic/useChannelNews.ts'
import { PixelPicture } from './PixelPicture.tsx'
import './synthesizedTile.css'

interface Props extends Pick<ChannelNews, 'layer' | 'channel' | 'version'> {
  /** CSS pixels. */
  extent: number
}

export default function SynthesizedTile({ layer, channel, version, extent }: Props) {
  const { getState } = useAppStore()
  const synthesis = useApp((state) => state.synthesis)
  const images = useApp((state) => state.images)
  const preprocessing = useApp((state) => state.preprocessing)
  // While it is being scanned, the best patch changes all the time.
  const isScanned = useApp((state) => state.scan.status === 'running')
  const finished = useApp((state) => state.picturesMade)
  const made = useMemo(
    () => {
      const wish = tileWish(getState(), layer, channel)
      return wish && getState().knownPicture(wish)
    },
    // It is asked for again whenever another one may be there.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [layer, channel, version, synthesis, images, preprocessing, finished, getState],
  )
  const isThere = made?.outcome !== undefined && made?.outcome !== null
  useEffect(
    () => (isThere || isScanned || version === 0 ? undefined : getState().wantPicture(layer, channel)),
    [layer, channel, version, synthesis, isThere, isScanned, getState],
  )
  if (!made?.outcome) return null
  return (
    <div className="synthesized-tile" style={{ width: extent, height: extent }}>
      <PixelPicture picture={made.picture} extent={extent} />
    </div>
  )
}
