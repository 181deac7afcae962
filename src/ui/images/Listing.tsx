/** @file A list of files with something to report. It shows the first ones, and all of them can be saved. */
import { Download } from 'lucide-react'
import { Button } from 'react-aria-components'
import { saveFile } from '../common/saveFile.ts'

/** This many lines are enough to see what is going on. */
const maxLines = 200

interface Props {
  title: string
  /** The file name of the saved list. */
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
      {/* A long list scrolls, so the keyboard has to reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ul className="listing" tabIndex={0} aria-label={title}>
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
