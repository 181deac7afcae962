/** @file The first screen: areas to drop a model and images on, the demo, and what happens to the user's data. */
import { Box, Images, Play } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { Button } from 'react-aria-components'
import { whatCanBeDropped } from '../core/model/formats.ts'
import { inSentence } from '../core/shownText.ts'
import { FollowedLink } from './FollowedLink.tsx'
import { usePickers } from './common/FileInputs.tsx'
import { OpenImagesMenu } from './images/OpenImagesMenu.tsx'
import { StopReading, useReading } from './images/Reading.tsx'
import { OpenModelMenu } from './model/OpenModelMenu.tsx'
import { OpeningProject } from './OpeningProject.tsx'
import { UnfinishedOnStart } from './scan/UnfinishedScan.tsx'
import { useApp } from './useApp.ts'

/** The list of recent scans is loaded only if there are any: first visits have none. */
const Recent = lazy(() => import('./recent/Recent.tsx').then((module) => ({ default: module.Recent })))

export function StartScreen() {
  const model = useApp((state) => state.model)
  const models = useApp((state) => state.series?.length ?? 1)
  const openingFile = useApp((state) => state.openingModel ?? state.openingResults)
  const images = useApp((state) => state.images)
  const remembered = useApp((state) => state.rememberedDirectory)
  const recall = useApp((state) => state.recallDirectory)
  const openRemembered = useApp((state) => state.openRememberedDirectory)
  const hasRecent = useApp((state) => state.kept.length > 0)
  const reading = useReading()
  const openDemo = useApp((state) => state.openDemo)
  const showPage = useApp((state) => state.showPage)
  const { pickModel, pickImages } = usePickers()
  useEffect(() => void recall(), [recall])
  const opening = useApp((state) => state.openingProject)
  if (opening !== null) return <OpeningProject address={opening} />
  return (
    <main className="start" id="main">
      <h1>See what excites any neuron of your CNN</h1>
      {/* The picture is only an ornament, so its alternative text is empty. */}
      <img className="start-picture" src="./start.webp" alt="" width={796} height={96} />
      <p className="start-lead">
        For every channel of every layer: the patches of your images that excite it most, each cut out at
        exactly what the neuron sees, its receptive field or <dfn>ur-patch</dfn>.
      </p>
      <FollowedLink />
      <div className="start-targets">
        <Target
          icon={<Box size={28} aria-hidden />}
          title="Model"
          hint={`Drop ${whatCanBeDropped} here`}
          state={
            openingFile !== null
              ? `Opening ${openingFile}…`
              : model && (models > 1 ? `${models} models are open` : `${inSentence(model.name)} is open`)
          }
          next={model && !images ? 'Now add a folder of images.' : null}
          action={
            <>
              <div className="row">
                <Button className="button" onPress={pickModel}>
                  Open model
                </Button>
                <OpenModelMenu />
              </div>
              {!model && (
                <Button className="button quiet" onPress={() => showPage('pytorch')}>
                  From PyTorch in three lines
                </Button>
              )}
            </>
          }
        />
        <Target
          icon={<Images size={28} aria-hidden />}
          title="Images"
          hint="Drop a folder, a zip or a tar of pictures here, with sub-folders as classes or an index file"
          state={
            reading ??
            (images && `${inSentence(images.name)}: ${images.table.paths.length.toLocaleString('en')} images`)
          }
          next={images && !model ? 'Now add a model.' : null}
          action={
            <>
              <div className="row">
                <Button className="button" onPress={pickImages}>
                  Open images
                </Button>
                <OpenImagesMenu />
                <StopReading />
              </div>
              {remembered && !images && (
                <Button className="button quiet" onPress={() => void openRemembered()}>
                  Open {remembered.name} again
                </Button>
              )}
            </>
          }
        />
      </div>
      <UnfinishedOnStart />
      {hasRecent && (
        <Suspense>
          <Recent />
        </Suspense>
      )}
      <div className="start-demo">
        <Button className="button primary" onPress={() => void openDemo()}>
          <Play size={16} aria-hidden /> Try the demo
        </Button>
        <p>Nothing leaves your computer: model and images stay in this page.</p>
      </div>
    </main>
  )
}

interface TargetProps {
  icon: ReactNode
  title: string
  hint: string
  state: string | null
  next: string | null
  action: ReactNode
}

function Target({ icon, title, hint, state, next, action }: TargetProps) {
  return (
    <section className="target" data-filled={state ? true : undefined}>
      {icon}
      <h2>{title}</h2>
      <p aria-live="polite">{state ?? hint}</p>
      {next && <p className="target-next">{next}</p>}
      {action}
    </section>
  )
}
