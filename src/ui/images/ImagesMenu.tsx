/** @file What is known of the opened images: classes, index, what is missing or was skipped. */
import { ChevronDown } from 'lucide-react'
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components'
import { PreprocessingChoice } from './PreprocessingChoice.tsx'
import { SelectionChoice } from './SelectionChoice.tsx'
import { usePickers } from '../common/FileInputs.tsx'
import { useApp } from '../useApp.ts'

export function ImagesMenu() {
  const images = useApp((state) => state.images)!
  const reading = useApp((state) => state.readingImages)
  const skipped = useApp((state) => state.skipped)
  const setIndex = useApp((state) => state.setIndex)
  const { pickIndex } = usePickers()
  const { table } = images
  const count = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}`
  const problems = (table.index?.missing.length ?? 0) + skipped.size
  return (
    <DialogTrigger>
      <Button className="button quiet source-menu">
        <span className="source-name" title={images.name}>
          {reading ? `Reading ${reading.name}…` : images.name}
        </span>
        <span className="muted">
          {count(table.paths.length, 'images')}
          <span className="wide-only">
            {table.classNames.length > 0 && ` · ${count(table.classNames.length, 'classes')}`}
          </span>
        </span>
        {problems > 0 && <span className="badge">{problems}</span>}
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className="popover">
        <Dialog className="dialog">
          <Heading slot="title">{images.name}</Heading>
          <p>
            {count(table.paths.length, 'images')} to scan
            {images.otherFiles > 0 && `, ${count(images.otherFiles, 'other files')} left alone`}.
          </p>
          {table.classNames.length > 0 && (
            <p>
              Classes: <span className="muted">{table.classNames.join(', ')}</span>
            </p>
          )}
          <p>
            Index:{' '}
            {table.index ? (
              <b>{table.index.name}</b>
            ) : (
              'none; classes are the sub-folders, the order is that of the paths'
            )}
          </p>
          <div className="row">
            <Button className="button" onPress={pickIndex}>
              Choose index file
            </Button>
            {table.index && (
              <Button className="button" onPress={() => void setIndex('none')}>
                Use no index
              </Button>
            )}
            {!table.index && images.indexCandidates.length > 0 && (
              <Button className="button" onPress={() => void setIndex({ name: images.indexCandidates[0]! })}>
                Use {images.indexCandidates[0]}
              </Button>
            )}
          </div>
          <SelectionChoice />
          <PreprocessingChoice />
          <Listing title="Named in the index, not in the folder" lines={table.index?.missing ?? []} />
          <Listing
            title="In the folder, not named in the index, not scanned"
            lines={table.index?.unnamed ?? []}
          />
          <Listing
            title="Skipped while scanning"
            lines={[...skipped].map(([image, reason]) => `${table.paths[image]}: ${reason}`)}
          />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

/** Enough to see what is going on; the results file has all. */
const maxLines = 200

function Listing({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <details>
      <summary>
        {title} ({lines.length.toLocaleString('en')})
      </summary>
      <ul className="listing">
        {lines.slice(0, maxLines).map((line) => (
          <li key={line}>{line}</li>
        ))}
        {lines.length > maxLines && <li>… and {(lines.length - maxLines).toLocaleString('en')} more</li>}
      </ul>
    </details>
  )
}
