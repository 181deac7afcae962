/** @file One made picture with its value, and what can be done with it. */
import { Copy, Download } from 'lucide-react'
import type { MadePicture } from '../../state/reasons/madePictures.ts'
import { formatActivation } from '../common/format.ts'
import { IconButton } from '../common/IconButton.tsx'
import { saveFile } from '../common/saveFile.ts'
import { useApp } from '../useApp.ts'
import { PixelPicture } from './PixelPicture.tsx'
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
  const notify = useApp((state) => state.notify)
  const report = useApp((state) => state.report)
  const copy = (): void => {
    // The browser takes a promise, so that it knows that a click has asked for it.
    const item = new ClipboardItem({ 'image/png': pngOf(made!.picture) })
    navigator.clipboard.write([item]).then(() => notify('info', 'The picture is copied.'), report)
  }
  const save = (): void => {
    pngOf(made!.picture).then((blob) => saveFile({ name: `${file}.png`, blob }), report)
  }
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
          {made?.outcome && (
            <span className="made-tools">
              <IconButton label={`Copy: ${title}`} onPress={copy}>
                <Copy size={14} />
              </IconButton>
              <IconButton label={`Save: ${title}`} onPress={save}>
                <Download size={14} />
              </IconButton>
            </span>
          )}
        </span>
      </figcaption>
    </figure>
  )
}
