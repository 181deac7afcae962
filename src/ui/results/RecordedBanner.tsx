/** @file The banner above the mosaics of a results file: what the file holds, and what to open to see or do more. */
import { FileJson } from 'lucide-react'
import { Button } from 'react-aria-components'
import { inSentence } from '../../core/shownText.ts'
import { aloneOf } from '../../state/selectors/shown.ts'
import { usePickers } from '../common/FileInputs.tsx'
import { formatCount } from '../common/format.ts'
import { Listing } from '../images/Listing.tsx'
import { useApp } from '../useApp.ts'
import { imagesNote, patchesNote } from './recordedNotes.ts'
import { Name } from '../common/Name.tsx'
import '../common/banner.css'

export function RecordedBanner() {
  const recorded = useApp(aloneOf)
  const model = useApp((state) => state.model)
  const images = useApp((state) => state.images)
  const k = useApp((state) => state.k)
  const busy = useApp((state) => state.openingModel !== null || state.readingImages !== null)
  const closeResults = useApp((state) => state.closeResults)
  const { pickModel, pickImages } = usePickers()
  if (!recorded) return null
  const difference = recorded.fittedModel?.model === model ? recorded.fittedModel?.difference : null
  const notes = [imagesNote(recorded), difference, patchesNote(recorded, k)].filter(Boolean)
  return (
    <section className="banner" aria-label="Results file">
      <FileJson size={16} aria-hidden />
      <p>
        <b>
          <Name>{recorded.name}</Name>
        </b>
        : results of{' '}
        <b>
          <Name>{recorded.model.name}</Name>
        </b>{' '}
        on {formatCount(recorded.images.scanned)} images of{' '}
        <b>
          <Name>{recorded.images.name}</Name>
        </b>
        . {notes.join(' ')} {!images && 'Open the images to see the mosaics. '}
        {!model && 'Open the model to go on scanning.'}
        {difference && 'The file stays open until you close it.'}
      </p>
      <div className="banner-lists">
        <Listing
          title="Missing images"
          fileName="missing-images.txt"
          lines={recorded.fittedImages?.missing ?? []}
        />
        <Listing
          title="Skipped when it was made"
          fileName="skipped-images.txt"
          lines={recorded.images.skipped.map(({ path, reason }) => `${inSentence(path)}: ${reason}`)}
        />
      </div>
      <div className="row">
        {!images && (
          <Button className="button" isDisabled={busy} onPress={pickImages}>
            Open the images
          </Button>
        )}
        {!model && (
          <Button className="button" isDisabled={busy} onPress={pickModel}>
            Open the model
          </Button>
        )}
        {difference && (
          <Button className="button" onPress={closeResults}>
            Close the file
          </Button>
        )}
      </div>
    </section>
  )
}
