/** @file Run, with what it will do, or Pause, Resume and Stop during a scan; and a menu with further actions. */
import { Pause, Play, Square } from 'lucide-react'
import { useId } from 'react'
import { Button } from 'react-aria-components'
import type { AppState } from '../../state/appState.ts'
import { runOffer, runTexts } from '../../state/selectors/runOffer.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { resumableOf } from '../../state/selectors/resumable.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { ResumeScan } from './UnfinishedScan.tsx'
import { RunMenu } from './RunMenu.tsx'
import './run-buttons.css'

export function RunButtons() {
  const status = useApp((state) => state.scan.status)
  const underWay = useApp((state) => isUnderWay(state.scan))
  const pause = useApp((state) => state.pause)
  const resume = useApp((state) => state.resume)
  const stop = useApp((state) => state.stop)
  if (!underWay)
    return (
      <>
        <ResumeScan />
        <div className="run-split">
          <RunButton />
          <RunMenu />
        </div>
      </>
    )
  return (
    <>
      {status === 'paused' ? (
        <Button className="button primary" onPress={resume}>
          <Play size={16} aria-hidden /> Resume
        </Button>
      ) : (
        <Button className="button" onPress={pause}>
          <Pause size={16} aria-hidden /> Pause
        </Button>
      )}
      <div className="run-split">
        <Button className="button" onPress={stop}>
          <Square size={14} aria-hidden /> Stop
        </Button>
        <RunMenu />
      </div>
    </>
  )
}

/** The button's name is always Run. What it will do is written after the name, and is its accessible description. */
function RunButton() {
  const { getState } = useAppStore()
  const opening = useApp((state) => state.openingModel !== null)
  const short = useApp((state) => runTexts(state).short)
  const long = useApp((state) => runTexts(state).long)
  // If there is an unfinished scan, the user most likely wants to resume that instead.
  const isPrimary = useApp((state) => resumableOf(state) === null && runOffer(state).kind !== 'done')
  const id = useId()
  return (
    <>
      <Button
        className={isPrimary ? 'button primary' : 'button'}
        isDisabled={opening}
        aria-describedby={id}
        onPress={() => runAsOffered(getState())}
      >
        <Play size={16} aria-hidden /> Run
        <span className="run-what" aria-hidden title={long}>
          {short}
        </span>
      </Button>
      <span id={id} hidden>
        {long}
      </span>
    </>
  )
}

export function runAsOffered(state: AppState): void {
  if (state.series) return void state.runSeries()
  const offer = runOffer(state)
  if (offer.kind === 'rest' && offer.of === 'all') void state.runRest(offer.names[0]!)
  else void state.run()
}
