/** @file The open pair: the mosaic of one scan, a slider over all of them, and the course of its statistics. */
import { ArrowRight, X } from 'lucide-react'
import { useId } from 'react'
import { Button } from 'react-aria-components'
import type { Change } from '../../core/compare/change.ts'
import { coursesOf } from '../../core/compare/course.ts'
import { inSentence } from '../../core/shownText.ts'
import type { Comparison } from '../../state/compare/compared.ts'
import type { LayerRow } from '../../state/compare/comparison.ts'
import { resultsShown } from '../../state/selectors/shown.ts'
import { IconButton } from '../common/IconButton.tsx'
import { formatMeasure } from '../mosaic/table/columns.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { ComparedMosaic } from './ComparedMosaic.tsx'
import { correlationText, fateText, pairName, sharedText } from './comparedRow.ts'
import { CourseLine } from './CourseLine.tsx'
import { Name } from '../common/Name.tsx'

/** CSS pixels. */
const extent = 288

interface Props {
  comparison: Comparison
  layers: LayerRow
  change: Change
  /** The channel of each scan; null if it has none. */
  channels: readonly (number | null)[]
  at: { readonly before: number; readonly after: number }
  step: number
}

export function PairDetails({ comparison, layers, change, channels, at, step }: Props) {
  const { getState } = useAppStore()
  const { scans, table } = comparison
  const k = useApp((state) => state.k)
  const { setComparing } = getState()
  const id = useId()
  const points = layers.map((layer, scan) => {
    const channel = channels[scan] ?? null
    return layer && channel !== null && channel < layer.result.channels
      ? { layer, result: layer.result, channel }
      : null
  })
  const classes = table.classNames.length
  const courses = coursesOf(points, k, table.classOf).filter(
    ({ measure }) => classes > 1 || (measure.id !== 'choosy' && measure.id !== 'class'),
  )
  const shown = points[step] ?? null
  const scan = scans[step]!
  const facts = [fateText(change), correlationText(change), sharedText(change)].filter(Boolean)
  return (
    <section className="compare-details" aria-labelledby={id}>
      <div className="panel-head">
        <h3 id={id}>{pairName(change)}</h3>
        <span className="spacer" />
        <IconButton label="Close the channel" onPress={() => setComparing({ pair: null, step: null })}>
          <X size={16} />
        </IconButton>
      </div>
      <p className="muted">
        <Name>{scans[at.before]!.name}</Name> to <Name>{scans[at.after]!.name}</Name>
        {facts.length > 0 && `: ${facts.join(', ')}`}
      </p>
      <div className="compare-large" style={{ minHeight: extent }}>
        {shown ? (
          <ComparedMosaic scan={scan} layer={shown.layer} channel={shown.channel} extent={extent} sharp />
        ) : (
          <p className="empty">No channel goes with it in this scan.</p>
        )}
      </div>
      <div className="compare-slider">
        <input
          type="range"
          aria-label="Scan"
          aria-valuetext={scan.name}
          min={0}
          max={scans.length - 1}
          step={1}
          value={step}
          onChange={(event) => setComparing({ step: event.target.valueAsNumber })}
        />
        <div className="compare-ends muted" aria-hidden>
          <span>
            <Name>{scans[0]!.name}</Name>
          </span>
          <span>
            <Name>{scans.at(-1)!.name}</Name>
          </span>
        </div>
      </div>
      <p className="compare-shown" role="status">
        <b>
          <Name>{scan.name}</Name>
        </b>
        {shown && ` · ${inSentence(shown.layer.name)}, channel ${shown.channel}`}
        {shown?.result.isDead(shown.channel) && ', dead'}
      </p>
      <table className="compare-numbers">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Measure</span>
            </th>
            <th scope="col">Course</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Shown</th>
          </tr>
        </thead>
        <tbody>
          {courses.map(({ measure, values }) => {
            const text = (scanAt: number): string => formatMeasure(measure, values[scanAt]!)
            const label = `${measure.label}: ${scans.map(({ name }, i) => `${inSentence(name)} ${text(i)}`).join(', ')}`
            return (
              <tr key={measure.id}>
                <th scope="row" title={measure.sentence}>
                  {measure.label}
                </th>
                <td>
                  <CourseLine label={label} values={values} step={step} />
                </td>
                <td>{text(at.before)}</td>
                <td>{text(at.after)}</td>
                <td>{text(step)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <OpenThere scanAt={step} comparison={comparison} point={shown} />
    </section>
  )
}

interface OpenProps {
  scanAt: number
  comparison: Comparison
  point: { readonly layer: { readonly name: string }; readonly channel: number } | null
}

/** The way to the channel's own panel, if the scan is the one on the page. */
function OpenThere({ scanAt, comparison, point }: OpenProps) {
  const followChannel = useApp((state) => state.followChannel)
  const name = useApp((state) => state.model?.name ?? state.recorded?.model.name)
  const isScanned = useApp((state) => point !== null && resultsShown(state).has(point.layer.name))
  const isThere = comparison.scans[scanAt]!.parts[0]!.read.model.name === name && isScanned
  if (!point || !isThere) return null
  return (
    <Button className="button" onPress={() => followChannel(point.layer.name, point.channel)}>
      Open channel {point.channel} <ArrowRight size={16} aria-hidden />
    </Button>
  )
}
