/** @file The tools in the header while a results file is shown: the file, and whether its model and images are open. */
import { FileJson, FolderOpen, Images, X } from 'lucide-react'
import { aloneOf } from '../../state/selectors/shown.ts'
import { usePickers } from '../common/FileInputs.tsx'
import { OpenImagesMenu } from '../images/OpenImagesMenu.tsx'
import { StopReading, useReading } from '../images/Reading.tsx'
import { ExportMenu } from '../scan/ExportMenu.tsx'
import { IconButton } from '../common/IconButton.tsx'
import { useApp } from '../useApp.ts'
import { Name } from '../common/Name.tsx'
import './recorded.css'

export function RecordedTools() {
  // When the file is closed, this becomes null a moment before the header goes away.
  const recorded = useApp(aloneOf)
  const model = useApp((state) => state.model)
  const opening = useApp((state) => state.openingModel)
  const images = useApp((state) => state.images)
  const closeResults = useApp((state) => state.closeResults)
  const reading = useReading()
  const { pickModel, pickImages } = usePickers()
  if (!recorded) return null
  return (
    <>
      <div className="source">
        <FileJson size={16} aria-hidden />
        <span className="source-name recorded-name" title={recorded.name}>
          <Name>{recorded.name}</Name>
        </span>
        <IconButton label="Close the results file" onPress={closeResults}>
          <X size={16} />
        </IconButton>
      </div>
      <div className="source recorded-source">
        <IconButton className="button quiet" label="Open model" onPress={pickModel}>
          <FolderOpen size={16} aria-hidden />
        </IconButton>
        <Source
          name={opening ? `Opening ${opening}…` : (model?.name ?? recorded.model.name)}
          isOpen={model !== null || opening !== null}
        />
      </div>
      <div className="source recorded-source">
        <IconButton className="button quiet" label="Open images" onPress={pickImages}>
          <Images size={16} aria-hidden />
        </IconButton>
        <OpenImagesMenu />
        <Source
          name={reading ?? images?.name ?? recorded.images.name}
          isOpen={reading !== null || images !== null}
        />
        <StopReading />
      </div>
      <span className="spacer" />
      <ExportMenu />
    </>
  )
}

function Source({ name, isOpen }: { name: string; isOpen: boolean }) {
  return (
    <>
      <span className={isOpen ? 'source-name' : 'source-name muted'} title={name}>
        {name}
      </span>
      {!isOpen && <span className="muted wide-only">(not open)</span>}
    </>
  )
}
