/** @file What can be done with a picture that was made or found here: it is copied, or saved as a file. */
import { Copy, Download } from 'lucide-react'
import { IconButton } from '../common/IconButton.tsx'
import { saveFile } from '../common/saveFile.ts'
import { useApp } from '../useApp.ts'
import './pictureTools.css'

interface Props {
  title: string
  /** The name of the file without its ending. */
  file: string
  png: () => Promise<Blob>
}

export function PictureTools({ title, file, png }: Props) {
  const notify = useApp((state) => state.notify)
  const report = useApp((state) => state.report)
  const copy = (): void => {
    // The browser takes a promise, so that it knows that a click has asked for it.
    const item = new ClipboardItem({ 'image/png': png() })
    navigator.clipboard.write([item]).then(() => notify('info', 'The picture is copied.'), report)
  }
  const save = (): void => {
    png().then((blob) => saveFile({ name: `${file}.png`, blob }), report)
  }
  return (
    <span className="picture-tools">
      <IconButton label={`Copy: ${title}`} onPress={copy}>
        <Copy size={14} />
      </IconButton>
      <IconButton label={`Save: ${title}`} onPress={save}>
        <Download size={14} />
      </IconButton>
    </span>
  )
}
