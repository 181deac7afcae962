/** @file The menu of the open images: their number, classes and index, and lists of missing and skipped files. */
import { ChevronDown } from 'lucide-react'
import { Button, Dialog, DialogTrigger, Heading } from 'react-aria-components'
import { inSentence } from '../../core/shownText.ts'
import { DialogPopover } from '../common/DialogPopover.tsx'
import { useApp } from '../useApp.ts'
import { ClassChoice } from './ClassChoice.tsx'
import { IndexChoice } from './IndexChoice.tsx'
import { Listing } from './Listing.tsx'
import { PreprocessingChoice } from '../preprocessing/PreprocessingChoice.tsx'
import { StopReading, useReading } from './Reading.tsx'
import { SelectionChoice } from './SelectionChoice.tsx'
import { Name } from '../common/Name.tsx'

export function ImagesMenu() {
  const images = useApp((state) => state.images)!
  const skipped = useApp((state) => state.skipped)
  const reading = useReading()
  const { table, otherFiles, hiddenFiles, leftOut } = images
  const problems = (table.index?.missing.length ?? 0) + leftOut.length + skipped.size
  return (
    <>
      <DialogTrigger>
        <Button className="button quiet source-menu">
          <span className="source-name" title={images.name}>
            {reading ?? images.name}
          </span>
          <span className="muted">
            {count(table.paths.length, 'image')}
            <span className="wide-only">
              {table.classNames.length > 0 && ` · ${count(table.classNames.length, 'class', 'classes')}`}
            </span>
          </span>
          {problems > 0 && <span className="badge">{problems}</span>}
          <ChevronDown size={14} aria-hidden />
        </Button>
        <DialogPopover>
          <Dialog className="dialog">
            <Heading slot="title">
              <Name>{images.name}</Name>
            </Heading>
            <p>
              {count(table.paths.length, 'image')}
              {otherFiles > 0 && `, ${count(otherFiles, 'other file')} left alone`}
              {hiddenFiles > 0 && `, ${count(hiddenFiles, 'hidden file')} left alone`}.
            </p>
            <PreprocessingChoice />
            {table.classNames.length > 0 && <ClassChoice />}
            <SelectionChoice />
            <IndexChoice />
            <Listing
              title="Named in the index, not in the folder"
              fileName="missing-images.txt"
              lines={table.index?.missing ?? []}
            />
            <Listing
              title="In the folder, not named in the index, not scanned"
              fileName="unnamed-images.txt"
              lines={table.index?.unnamed ?? []}
            />
            <Listing
              title="Named again with another class; the first counts"
              fileName="contradictions.txt"
              lines={table.index?.contradicting ?? []}
            />
            <Listing
              title="Left out, as they cannot be read"
              fileName="left-out.txt"
              lines={leftOut.map(({ path, why }) => `${inSentence(path)}: ${why}`)}
            />
            <Listing
              title="Skipped while scanning"
              fileName="skipped-images.txt"
              lines={[...skipped].map(([image, reason]) => `${inSentence(table.paths[image]!)}: ${reason}`)}
            />
          </Dialog>
        </DialogPopover>
      </DialogTrigger>
      <StopReading />
    </>
  )
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`
}
