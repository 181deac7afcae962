/** @file The sections of the open channel: some at once, some a little late. */
import {
  createContext,
  memo,
  type ReactNode,
  useContext,
  useDeferredValue,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { isUnderWay } from '../../../state/scan/scanPhase.ts'
import { resultOf, tableOf } from '../../../state/selectors/shown.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import type { KnownChannel, LateSection, OpenChannel, Section } from './section.ts'
import '../statistics/statistics.css'

const seldomMs = 500

interface Props {
  sections: readonly (Section | LateSection)[]
  open: OpenChannel
}

export function Sections({ sections, open }: Props) {
  // The same ones each time, so that those that come late are not rendered with a click.
  const runs = useMemo(() => runsOf(sections), [sections])
  return (
    <FollowChannel>
      {runs.map((run) =>
        Array.isArray(run) ? (
          <LateSections key={run[0]!.id} sections={run} />
        ) : (
          <run.Component key={run.id} {...open} />
        ),
      )}
    </FollowChannel>
  )
}

/** Neighbours that come late make one part of the page. */
function runsOf(sections: readonly (Section | LateSection)[]): (Section | LateSection[])[] {
  const runs: (Section | LateSection[])[] = []
  for (const section of sections) {
    const last = runs.at(-1)
    if (!('Late' in section)) runs.push(section)
    else if (Array.isArray(last)) last.push(section)
    else runs.push([section])
  }
  return runs
}

const Known = createContext<KnownChannel | null>(null)

/** The results of the open channel, a little late; null until there are some. */
export function useKnownChannel(): KnownChannel | null {
  return useContext(Known)
}

/** Follows the channel and the scan a little late, in parts, so that a click does not wait for it. */
function FollowChannel({ children }: { children: ReactNode }) {
  const layer = useApp((state) => state.layer)!
  const channel = useApp((state) => state.channel)!
  const result = useApp((state) => resultOf(state, layer))
  const table = useApp(tableOf)
  const revision = useSeldomRevision()
  const now = useMemo(
    // `revision` is only there to make it another object when the result has grown.
    () => (result && table && result.scanned > 0 && revision >= 0 ? { layer, channel, result, table } : null),
    [layer, channel, result, table, revision],
  )
  return <Known value={useDeferredValue(now, null)}>{children}</Known>
}

const LateSections = memo(function LateSections({ sections }: { sections: readonly LateSection[] }) {
  const known = useKnownChannel()
  if (!known) return null
  return (
    <div className="statistics">
      {sections.map(({ id, title, more, find, Late }) => {
        const found = find(known)
        if (found === null) return null
        return (
          <div key={id} className="statistics-part">
            {title !== undefined && (
              <h3>
                {title} {more && <span className="muted">{more(found)}</span>}
              </h3>
            )}
            <Late {...known} found={found} />
          </div>
        )
      })}
    </div>
  )
})

/** Grows while a scan runs, but twice a second only: dozens of bars and patches take longer than a tile. */
function useSeldomRevision(): number {
  const { getState, subscribe } = useAppStore()
  const [revision, setRevision] = useState(() => getState().revision)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const follow = (): void => {
      clearTimeout(timer)
      timer = undefined
      setRevision(getState().revision)
    }
    const check = (): void => {
      if (isUnderWay(getState().scan)) timer ??= setTimeout(follow, seldomMs)
      else follow()
    }
    // Takes in what has come between rendering and now.
    check()
    const unsubscribe = subscribe(check)
    return () => {
      unsubscribe()
      clearTimeout(timer)
    }
  }, [getState, subscribe])
  return revision
}
