/** @file The sections of the open channel: some at once, some a little late. */
import {
  createContext,
  memo,
  type ReactNode,
  Suspense,
  useContext,
  useDeferredValue,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { isUnderWay } from '../../../state/scan/scanPhase.ts'
import { resultOf, tableOf } from '../../../state/selectors/shown.ts'
import { PanelWidth, usePanelWidth } from '../../common/useScreen.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import { Fold } from './Fold.tsx'
import type { KnownChannel, LateSection, OpenChannel, Section } from './section.ts'
import '../statistics/statistics.css'

const seldomMs = 500

/** CSS pixels between two sections side by side. */
const gap = 16

interface Props {
  sections: readonly (Section | LateSection)[]
  open: OpenChannel
}

export function Sections({ sections, open }: Props) {
  // The same ones each time, so that those that come late are not rendered with a click.
  const runs = useMemo(() => runsOf(sections), [sections])
  const late = runs.findIndex(Array.isArray)
  // What stands below those that are about to come waits for them: they would push it down.
  const shown = useContext(Awaited) && late >= 0 ? runs.slice(0, late) : runs
  return shown.map((run) =>
    Array.isArray(run) ? (
      <LateSections key={run[0]!.id} sections={run} />
    ) : (
      <AtOnce key={run.id} section={run} open={open} />
    ),
  )
}

function AtOnce({
  section: { id, title, folded, Component },
  open,
}: {
  section: Section
  open: OpenChannel
}) {
  if (title === undefined) return <Component {...open} />
  return (
    <Fold id={id} title={title} folded={folded ?? false}>
      {() => ({ content: <Component {...open} /> })}
    </Fold>
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
/** Whether the panel has just been opened, and the results of its channel are about to come. */
const Awaited = createContext(false)

/** The results of the open channel, a little late; null until there are some. */
export function useKnownChannel(): KnownChannel | null {
  return useContext(Known)
}

/** Follows the channel and the scan a little late, in parts, so that a click does not wait for it. All sections lie in it. */
export function FollowChannel({ children }: { children: ReactNode }) {
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
  const hasCome = useDeferredValue(true, false)
  return (
    <Known value={useDeferredValue(now, null)}>
      <Awaited value={now !== null && !hasCome}>{children}</Awaited>
    </Known>
  )
}

const LateSections = memo(function LateSections({ sections }: { sections: readonly LateSection[] }) {
  const known = useKnownChannel()
  const width = usePanelWidth()
  if (!known) return null
  const rows = rowsOf(sections.filter(({ applies }) => applies?.(known) ?? true))
  return (
    <div className="statistics">
      {rows.map(([first, second]) => {
        if (!second) return <LatePart key={first.id} section={first} known={known} />
        return (
          <div key={first.id} className="statistics-row" style={{ gap }}>
            <div style={{ width: first.width }}>
              <LatePart section={first} known={known} />
            </div>
            <div>
              <PanelWidth value={width - first.width! - gap}>
                <LatePart section={second} known={known} />
              </PanelWidth>
            </div>
          </div>
        )
      })}
    </div>
  )
})

/** A section that has a width stands beside the next one. */
function rowsOf(sections: readonly LateSection[]): [LateSection, LateSection?][] {
  const rows: [LateSection, LateSection?][] = []
  for (const section of sections) {
    const last = rows.at(-1)
    if (last?.length === 1 && last[0].width !== undefined && section.title !== undefined) last.push(section)
    else rows.push([section])
  }
  return rows
}

function LatePart({ section, known }: { section: LateSection; known: KnownChannel }) {
  const { id, title, folded, more, Late } = section
  const inside = (): { more: string | undefined; content: ReactNode } | null => {
    const found = section.find(known)
    if (found === null) return null
    const content = (
      <Suspense>
        <Late {...known} found={found} />
      </Suspense>
    )
    return { more: more?.(found), content }
  }
  if (title === undefined) return inside()?.content ?? null
  return (
    <Fold id={id} title={title} folded={folded ?? false}>
      {inside}
    </Fold>
  )
}

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
