/** @file What a scan tells of a channel beside its top patches: how its maxima are spread over all images. */
import { memo, type ReactNode, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { quantileBin } from '../../../core/scan/maximaHistogram.ts'
import type { Statistics as ChannelFigures } from '../../../core/scan/channelStatistics.ts'
import type { ReadableResult } from '../../../core/scan/readableResult.ts'
import { isUnderWay } from '../../../state/scan/scanPhase.ts'
import { resultOf } from '../../../state/selectors/shown.ts'
import { formatActivation, formatShare } from '../../common/format.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import { ChannelStatisticsChart } from './HistogramChart.tsx'
import { ChannelStatisticsClasses } from './ChannelStatisticsClasses.tsx'
import { ChannelStatisticsStrip } from './ChannelStatisticsStrip.tsx'
import { Numbers } from '../Numbers.tsx'
import './channelStatistics.css'

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
  const statistics = result.statistics(channel)
  return (
    <div className="statistics">
      {statistics && statistics.images > 0 && (
        <div className="statistics-part">
          <h3>
            How strongly <span className="muted">over {statistics.images.toLocaleString('en')} images</span>
          </h3>
          <p className="muted">{inShort(statistics, result)}</p>
          <ChannelStatisticsChart
            bins={statistics.histogram}
            layer={layer}
            result={result}
            channel={channel}
          />
        </div>
      )}
      {!result.isDead(channel) && (
        <>
          <Quantiles layer={layer} result={result} channel={channel} />
          <ChannelStatisticsClasses layer={layer} result={result} channel={channel} />
        </>
      )}
    </div>
  )
})

/** `mean 2.671 · fires in 95.1 % of them` */
function inShort({ mean, firingImages }: ChannelFigures, { scanned }: ReadableResult): string {
  const fires = `fires in ${formatShare(firingImages, scanned)} of them`
  return mean === null ? fires : `mean ${formatActivation(mean)} · ${fires}`
}

function MoreNumbers({ layer, channel, result }: Props) {
  if (result.scanned === 0) return null
  const statistics = result.statistics(channel)
  return (
    <>
      {statistics && <Facts statistics={statistics} scanned={result.scanned} units={result.units} />}
      {!result.isDead(channel) && <Lowest layer={layer} result={result} channel={channel} />}
    </>
  )
}

interface FactsProps {
  statistics: ChannelFigures
  /** Images. */
  scanned: number
  /** Of the channel, in one image. */
  units: number
}

function Facts({ statistics, scanned, units }: FactsProps) {
  const { mean, spread, infinite, firingImages, firingUnits, histogram } = statistics
  const median = quantileBin(histogram, 0.5)
  return (
    <dl className="facts">
      {mean !== null && (
        <>
          <dt title="Standard deviation of the maxima, one an image">Mean ± spread</dt>
          <dd>
            {formatActivation(mean)} ± {formatActivation(spread!)}
          </dd>
        </>
      )}
      {median && (
        <>
          <dt title="Known to the width of a bar of the histogram">Median</dt>
          <dd>
            {median.number === null
              ? '0'
              : `${formatActivation(median.from)} to ${formatActivation(median.to)}`}
          </dd>
        </>
      )}
      <dt title="Units above 0">Fires</dt>
      <dd>
        in {formatShare(firingImages, scanned)} of the images and {formatShare(firingUnits, scanned * units)}{' '}
        of all units
      </dd>
      {infinite > 0 && (
        <>
          <dt>Infinite</dt>
          <dd>in {infinite.toLocaleString('en')} images, which are left out here</dd>
        </>
      )}
    </dl>
  )
}

/** Two patches from each tenth, one below the other; an image has one patch only, so few images make no strip. */
function Quantiles({ layer, result, channel }: Props) {
  const width = usePanelWidth()
  const groups = result.quantiles(channel)
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
  const lowest = result.lowest(channel, k)
  if (lowest.length === 0) return null
  return (
    <div className="statistics-part">
      <h4>Lowest maxima</h4>
      <ChannelStatisticsStrip
        name={`${layer}/${channel}/lowest`}
        layer={layer}
        entries={lowest}
        columns={lowestColumns}
        width={width}
        label="The patches of the images with the lowest maxima"
      />
      <div className="statistics-ends muted">
        <span>{formatActivation(lowest[0]!.activation)}</span>
        <span>{formatActivation(lowest.at(-1)!.activation)}</span>
      </div>
    </div>
  )
}
