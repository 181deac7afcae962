/** @file The channel's large mosaic, and beside it the chosen patch in its image. */
import { useLargestPicture, usePanelWidth } from '../../common/useScreen.ts'
import { NoPicture } from '../../results/NoPicture.tsx'
import { useHasPicture } from '../../results/useNames.ts'
import { LargeMosaic } from '../LargeMosaic.tsx'
import { PatchInImage } from '../PatchInImage.tsx'
import { useApp } from '../../useApp.ts'
import { PatchCount } from '../PatchCount.tsx'
import type { OpenChannel, Section } from './section.ts'

/** CSS pixels between the two. */
export const pictureGap = 8

function Pictures({ layer, channel, patches, alike, rank, patch }: OpenChannel) {
  const hasPicture = useHasPicture()
  const extent = Math.min(Math.floor((usePanelWidth() - pictureGap) / 2), useLargestPicture())
  const isFull = useApp((state) => state.full)
  return (
    <>
      <div className="channel-pictures" style={{ gap: pictureGap }}>
        <LargeMosaic
          layer={layer}
          channel={channel}
          patches={patches}
          alike={alike}
          rank={rank}
          extent={extent}
        />
        {patch && hasPicture(patch.image) && <PatchInImage patch={patch} extent={extent} />}
        {patch && !hasPicture(patch.image) && <NoPicture extent={extent} />}
      </div>
      {isFull && patches.length > 0 && <PatchCount layer={layer} />}
    </>
  )
}

export const pictures: Section = { id: 'pictures', Component: Pictures }
