/** @file One made picture with its value, and what can be done with it. */
import type { MadePicture } from '../../state/reasons/madePictures.ts'
import { formatActivation } from '../common/format.ts'
import { PixelPicture } from './PixelPicture.tsx'
import { PictureTools } from './PictureTools.tsx'
import { pngOf } from './pictureFile.ts'

interface Props {
  title: string
  made: MadePicture | null
  /** The name of the file without its ending. */
  file: string
  /** CSS pixels. */
  extent: number
}

export function MadeFigure({ title, made, file, extent }: Props) {
  return (
    <figure
      className="made-figure"
      style={{ width: extent }}
      data-finished={made?.outcome ? true : undefined}
    >
      <div className="made-picture" style={{ width: extent, height: extent }}>
        {made && <PixelPicture picture={made.picture} label={title} extent={extent} />}
      </div>
      <figcaption>
        <span className="made-title">{title}</span>
        <span className="made-line">
          {made?.outcome ? (
            <b>{formatActivation(made.outcome.made.value)}</b>
          ) : (
            <span className="muted">{made ? `${Math.floor((100 * made.step) / made.of)} %` : 'waits'}</span>
          )}
          {made?.outcome && <PictureTools title={title} file={file} png={() => pngOf(made.picture)} />}
        </span>
      </figcaption>
    </figure>
  )
}
