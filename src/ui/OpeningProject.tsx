/** @file The first screen while the project of a link is loaded: says what is loading, and how far it is. */
import { inSentence, shownText } from '../core/shownText.ts'
import { fileName } from '../state/project/ownFiles.ts'
import { useReading } from './images/Reading.tsx'
import { useApp } from './useApp.ts'

export function OpeningProject({ address }: { address: string }) {
  const model = useApp((state) => state.model)
  const openingModel = useApp((state) => state.openingModel)
  const images = useApp((state) => state.images)
  const reading = useReading()
  return (
    <main className="start" id="main" aria-busy>
      <h1>Opening {projectName(address)}…</h1>
      <ul className="opening" aria-live="polite">
        <li data-done={model !== null || undefined}>
          {model
            ? `${inSentence(model.name)} is open`
            : openingModel
              ? `Opening ${openingModel}…`
              : 'The model is on its way…'}
        </li>
        <li data-done={images !== null || undefined}>
          {images
            ? `${inSentence(images.name)}: ${images.table.paths.length.toLocaleString('en')} images`
            : (reading ?? 'The images are on their way…')}
        </li>
      </ul>
      <p>Nothing leaves your computer: model and images are loaded into this page.</p>
    </main>
  )
}

/** `week3` of `…/week3.urpatch-project.json` */
function projectName(address: string): string {
  const file = shownText(fileName(new URL(address)))
  return file.replace(/\.json$/i, '').replace(/\.urpatch-project$/i, '') || file
}
