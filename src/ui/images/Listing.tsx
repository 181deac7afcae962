/** @file A list of files that something is to be said of: the first ones to be seen, all to be saved. */
import { Download } from 'lucide-react'
import { Button } from 'react-aria-components'
import { saveFile } from '../common/saveFile.ts'

/** Enough to see what is going on. */
const maxLines = 200

interface Props {
  title: string
  /** Of the saved list. */
  fileName: string
  lines: readonly string[]
}

export function Listing({ title, fileName, lines }: Props) {
  if (lines.length === 0) return null
  return (
    <details>
      <summary>
        {title} ({lines.length.toLocaleString('en')})
      </summary>
      <ul className="listing">
        {lines.slice(0, maxLines).map((line, i) => (
          <li key={i}>{line}</li>
        ))}
        {lines.length > maxLines && <li>… and {(lines.length - maxLines).toLocaleString('en')} more</li>}
      </ul>
      <Button
        className="button"
        onPress={() =>
          saveFile({
            name: fileName,
            blob: new Blob(
              lines.map((line) => `${line}\n`),
              { type: 'text/plain' },
            ),
          })
        }
      >
        <Download size={14} aria-hidden /> Save list
      </Button>
    </details>
  )
}
