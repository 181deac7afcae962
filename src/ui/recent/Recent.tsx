/** @file The list of recent scans on the start screen: kept results can be opened again or forgotten. */
import { X } from 'lucide-react'
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { notebookPreprocessing, type Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { formatBytes } from '../../core/estimates.ts'
import { inSentence } from '../../core/shownText.ts'
import { canReopen } from '../../state/checkpoints/origins.ts'
import { recentOf, type Recent as RecentScan } from '../../state/checkpoints/recent.ts'
import { formatAgo } from '../scan/ago.ts'
import { useApp, useAppStore } from '../useApp.ts'
import './recent.css'
import { reopen } from './reopen.ts'
import { Name } from '../common/Name.tsx'

const shownAtFirst = 4

export function Recent() {
  // The newest unfinished scan is shown above this list.
  const offered = useApp((state) => state.unfinished[0])
  const all = useApp(recentOf)
  const recent = all.filter(({ heads }) => heads.length > 1 || heads[0] !== offered)
  const [showsAll, setShowsAll] = useState(false)
  if (recent.length === 0) return null
  const shown = showsAll ? recent : recent.slice(0, shownAtFirst)
  return (
    <section className="recent" aria-labelledby="recent-heading">
      <div className="recent-head">
        <h2 id="recent-heading">Recent</h2>
        <ForgetAll />
      </div>
      <ul aria-label="Recent">
        {shown.map((one) => (
          <Item key={one.key} recent={one} />
        ))}
      </ul>
      {shown.length < recent.length && (
        <Button className="button quiet" onPress={() => setShowsAll(true)}>
          Show all {recent.length}
        </Button>
      )}
    </section>
  )
}

function Item({ recent }: { recent: RecentScan }) {
  const store = useAppStore()
  const forget = useApp((state) => state.forget)
  const [now] = useState(Date.now)
  const { model, images, time, origin } = recent.heads[0]!
  const what = `${inSentence(model.name)} with ${inSentence(images.name)}`
  const names = (
    <span className="recent-names">
      <b>
        <Name>{model.name}</Name>
      </b>{' '}
      ·{' '}
      <b>
        <Name>{images.name}</Name>
      </b>
    </span>
  )
  return (
    <li className="recent-item">
      {canReopen(origin) ? (
        <Button
          className="recent-open"
          aria-label={`Open ${what}`}
          onPress={() => void reopen(store, recent)}
        >
          {names}
          <Facts recent={recent} ago={formatAgo(time, now)} />
        </Button>
      ) : (
        <div className="recent-open">
          {names}
          <Facts recent={recent} ago={formatAgo(time, now)} />
          <span>Open both, and its results are back.</span>
        </div>
      )}
      <Button
        className="icon-button"
        aria-label={`Forget the results of ${what}`}
        onPress={({ target }) => {
          passFocusOn(target)
          void forget(recent)
        }}
      >
        <X size={16} />
      </Button>
    </li>
  )
}

function Facts({ recent: { layers, heads, bytes }, ago }: { recent: RecentScan; ago: string }) {
  const { done, total, images, time, status, preprocessing, selection } = heads[0]!
  const most = status === 'unfinished' ? total : images.count
  const parts = [
    layers.length === 1 ? layers[0]! : `${layers.length} layers`,
    `${done === most ? '' : `${done.toLocaleString('en')} of `}${most.toLocaleString('en')} images`,
    ...(selection.classes ? [`${selection.classes.length} of its classes`] : []),
    ...unusual(preprocessing),
    formatBytes(bytes),
  ]
  return (
    <span className="muted">
      {parts.join(' · ')} · <time title={new Date(time).toLocaleString()}>{ago}</time>
    </span>
  )
}

/** The unusual settings, by which results of the same model and images can be told apart. */
function unusual(preprocessing: Preprocessing): string[] {
  const names = Object.keys(preprocessing) as (keyof Preprocessing)[]
  return names
    .filter((name) => String(preprocessing[name]) !== String(notebookPreprocessing[name]))
    .map((name) => `${name} ${String(preprocessing[name])}`)
}

/** Asks once more, because this cannot be undone. The same button asks and takes it back, so the focus stays. */
function ForgetAll() {
  const forgetAll = useApp((state) => state.forgetAll)
  const [asks, setAsks] = useState(false)
  return (
    <span className="row">
      {asks && (
        <>
          <span>Delete all results that are kept in this browser?</span>
          <Button className="button" onPress={() => void forgetAll()}>
            Delete all
          </Button>
        </>
      )}
      <Button className="button quiet" onPress={() => setAsks(!asks)}>
        {asks ? 'Keep them' : 'Forget all'}
      </Button>
    </span>
  )
}

/** Moves the focus to another item, before the one with the focus goes away. */
function passFocusOn(button: Element): void {
  const item = button.closest('li')
  const next = item?.nextElementSibling ?? item?.previousElementSibling
  next?.querySelector<HTMLElement>(':scope > .icon-button')?.focus()
}
