/** @file An unfinished scan of an earlier visit: notes on the start screen and at the foot, and the Resume button. */
import { History, Play } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import { inSentence } from '../../core/shownText.ts'
import type { CheckpointHead } from '../../state/checkpoints/checkpointStore.ts'
import { canReopen } from '../../state/checkpoints/origins.ts'
import { recentOf } from '../../state/checkpoints/recent.ts'
import { changedSettings } from '../../state/checkpoints/sameScan.ts'
import { resumableOf } from '../../state/selectors/resumable.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { formatAgo } from './ago.ts'
import { Name } from '../common/Name.tsx'
import './unfinished-scan.css'

/** On the start screen: says which model and images to open to continue. */
export function UnfinishedOnStart() {
  const store = useAppStore()
  const recall = useApp((state) => state.recallScans)
  const head = useApp((state) => state.unfinished[0])
  useEffect(() => void recall(), [recall])
  if (!head) return null
  const open = async (unfinished: CheckpointHead): Promise<void> => {
    const { reopen } = await import('../recent/reopen.ts')
    const recent = recentOf(store.getState()).find(({ heads }) => heads.includes(unfinished))
    if (recent) await reopen(store, recent)
  }
  return (
    <section className="unfinished-scan" aria-label="Unfinished scan">
      <History size={16} aria-hidden />
      <p>
        An unfinished scan: {howFar(head)} images of{' '}
        <b>
          <Name>{head.images.name}</Name>
        </b>{' '}
        through{' '}
        <b>
          <Name>{head.model.name}</Name>
        </b>
        , <Ago time={head.time} />. {canReopen(head.origin) ? '' : 'Open both again to go on.'}
      </p>
      {canReopen(head.origin) && (
        <Button className="button" onPress={() => void open(head).catch(store.getState().report)}>
          Open both again
        </Button>
      )}
      <Discard head={head} />
    </section>
  )
}

/** At the foot of the page, once both are open. The button to resume is beside Run. */
export function UnfinishedHere() {
  const model = useApp((state) => state.model)
  const images = useApp((state) => state.images)
  const find = useApp((state) => state.findScan)
  const head = useApp(resumableOf)?.head
  const changed = useApp((state) => (head ? changedSettings(state, head).join(', ') : ''))
  const putsAside = useApp((state) => state.results.size > 0) && changed !== ''
  useEffect(() => void find(), [find, model, images])
  if (!head) return null
  return (
    <section className="unfinished-scan" aria-label="Unfinished scan">
      <History size={16} aria-hidden />
      <p
        title={[
          changed && `Resuming it sets as they were: ${changed}.`,
          putsAside && 'The results so far are put aside.',
        ]
          .filter(Boolean)
          .join(' ')}
      >
        An unfinished scan of {layersOf(head)}, <Ago time={head.time} />.
        {changed !== '' && ` Resuming it sets as they were: ${changed}.`}
        {putsAside && ' The results so far are put aside.'}
      </p>
      <Discard head={head} />
    </section>
  )
}

/** This button is coloured instead of Run, because the user most likely wants to continue. */
export function ResumeScan() {
  const resume = useApp((state) => state.resumeScan)
  const opening = useApp((state) => state.openingModel !== null)
  const head = useApp(resumableOf)?.head
  if (!head) return null
  return (
    <Button className="button primary" isDisabled={opening} onPress={() => void resume()}>
      <Play size={16} aria-hidden /> Resume scan ({howFar(head)})
    </Button>
  )
}

/** How long ago it was when this was first shown. */
function Ago({ time }: { time: number }) {
  const [now] = useState(Date.now)
  return formatAgo(time, now)
}

function Discard({ head }: { head: CheckpointHead }) {
  const discard = useApp((state) => state.discardScan)
  return (
    <Button
      className="button quiet"
      aria-label="Discard the unfinished scan"
      onPress={() => void discard(head.id)}
    >
      Discard
    </Button>
  )
}

function howFar({ done, total }: CheckpointHead): string {
  return `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
}

function layersOf({ layers }: CheckpointHead): string {
  return layers.length === 1 ? inSentence(layers[0]!) : `${layers.length} layers`
}
