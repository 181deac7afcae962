/** @file What a scan tells of a channel beside its top patches: how its maxima are spread over all images. */
import { Fragment, memo, type ReactNode, useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { activity } from '../../../core/scan/statistics/activity.ts'
import { histogram } from '../../../core/scan/statistics/histogram.ts'
import { statistics } from '../../../core/scan/statistics/index.ts'
import { lowest } from '../../../core/scan/statistics/lowest.ts'
import { maxima } from '../../../core/scan/statistics/maxima.ts'
import { quantiles } from '../../../core/scan/statistics/quantiles.ts'
import { isUnderWay } from '../../../state/scan/scanPhase.ts'
import { resultOf } from '../../../state/selectors/shown.ts'
import { formatActivation, formatShare } from '../../common/format.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import { ChannelStatisticsChart } from '../statistics/HistogramChart.tsx'
import { ChannelStatisticsClasses } from './classes.tsx'
import { ChannelStatisticsStrip } from '../statistics/PatchStrip.tsx'
import { Numbers } from '../Numbers.tsx'
import '../statistics/statistics.css'

const lowestColumns = 8
const seldomMs = 500

/** They follow the channel and the scan a little late, in parts: nobody waits for them who has clicked a channel. */
export function ChannelStatistics({ numbers }: { numbers?: ReactNode }) {
  const layer = useApp((state) => state.layer)!
  const channel = useApp((state) => state.channel)!
  const result = useApp((state) => resultOf(state, layer))
  const revision = useSeldomRevision()
  const now = useMemo(() => ({ layer, channel, result, revision }), [layer, channel, result, revision])
  const shown = useDeferredValue(now, null)
  return (
    <>
      {shown?.result && <Statistics {...shown} result={shown.result} />}
      <Numbers>
        {numbers}
        {shown?.result && <MoreNumbers {...shown} result={shown.result} />}
      </Numbers>
    </>
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
    // What has come between rendering and now.
    check()
    const unsubscribe = subscribe(check)
    return () => {
      unsubscribe()
      clearTimeout(timer)
    }
  }, [getState, subscribe])
  return revision
}

interface Props {
  layer: string
  result: ReadableResult
  channel: number
}

/** `revision` is only there to differ when the result has grown. */
const Statistics = memo(function Statistics({ layer, channel, result }: Props & { revision: number }) {
  if (result.scanned === 0) return null
  return (
    <div className="statistics">
      <Strength layer={layer} result={result} channel={channel} />
      {!result.isDead(channel) && (
        <>
          <Quantiles layer={layer} result={result} channel={channel} />
          <ChannelStatisticsClasses layer={layer} result={result} channel={channel} />
        </>
      )}
    </div>
  )
})

/** How strongly the channel answers, over all images. */
function Strength({ layer, channel, result }: Props) {
  const found = result.of(maxima, channel)
  const counts = result.of(histogram, channel)
  if (!found || !counts || found.images === 0) return null
  return (
    <div className="statistics-part">
      <h3>
        How strongly <span className="muted">over {found.images.toLocaleString('en')} images</span>
      </h3>
      <p className="muted">{inShort(result, channel)}</p>
      <ChannelStatisticsChart bins={counts.bins} layer={layer} result={result} channel={channel} />
    </div>
  )
}

/** `mean 2.671 · fires in 95.1 % of them` */
function inShort(result: ReadableResult, channel: number): string {
  const mean = result.of(maxima, channel)?.mean ?? null
  const active = result.of(activity, channel)
  const parts = [
    ...(mean === null ? [] : [`mean ${formatActivation(mean)}`]),
    ...(active ? [`fires in ${formatShare(active.firingImages, result.scanned)} of them`] : []),
  ]
  return parts.join(' · ')
}

function MoreNumbers({ layer, channel, result }: Props) {
  if (result.scanned === 0) return null
  return (
    <>
      <Facts result={result} channel={channel} />
      {!result.isDead(channel) && <Lowest layer={layer} result={result} channel={channel} />}
    </>
  )
}

/** What each statistic has to say in a line. */
function Facts({ result, channel }: Pick<Props, 'result' | 'channel'>) {
  const format = { activation: formatActivation, share: formatShare }
  const facts = statistics.flatMap((statistic) => {
    const value = statistic.facts && result.of(statistic, channel)
    return value === null ? [] : (statistic.facts?.(value, result, format) ?? [])
  })
  if (facts.length === 0) return null
  return (
    <dl className="facts">
      {facts.map(({ name, title, text }) => (
        <Fragment key={name}>
          <dt title={title}>{name}</dt>
          <dd>{text}</dd>
        </Fragment>
      ))}
    </dl>
  )
}

/** Two patches from each tenth, one below the other; an image has one patch only, so few images make no strip. */
function Quantiles({ layer, result, channel }: Props) {
  const width = usePanelWidth()
  const groups = result.of(quantiles, channel) ?? []
  if (groups.length < 10 || groups.some(({ samples }) => samples.length < 2)) return null
  const entries = [0, 1].flatMap((row) => groups.map(({ samples }) => samples[row]!))
  return (
    <div className="statistics-part">
      <ChannelStatisticsStrip
        name={`${layer}/${channel}/quantiles`}
        layer={layer}
        entries={entries}
        columns={groups.length}
        width={width}
        label="Two patches from each tenth of the images, from the lowest maxima to the highest"
      />
      <div className="statistics-ends muted">
        <span>{formatActivation(groups[0]!.from)}</span>
        <span>two from each tenth</span>
        <span>{formatActivation(groups.at(-1)!.to)}</span>
      </div>
    </div>
  )
}

function Lowest({ layer, result, channel }: Props) {
  const width = usePanelWidth()
  const k = useApp((state) => state.k)
  const entries = (result.of(lowest, channel) ?? []).slice(0, k)
  if (entries.length === 0) return null
  return (
    <div className="statistics-part">
      <h4>Lowest maxima</h4>
      <ChannelStatisticsStrip
        name={`${layer}/${channel}/lowest`}
        layer={layer}
        entries={entries}
        columns={lowestColumns}
        width={width}
        label="The patches of the images with the lowest maxima"
      />
      <div className="statistics-ends muted">
        <span>{formatActivation(entries[0]!.activation)}</span>
        <span>{formatActivation(entries.at(-1)!.activation)}</span>
      </div>
    </div>
  )
}
