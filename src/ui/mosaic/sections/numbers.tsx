/** @file What experts ask for, behind a fold: the numbers of the chosen patch, of the channel, and the lowest patches. */
import { Fragment, memo } from 'react'
import { statistics } from '../../../core/scan/statistics/index.ts'
import { lowest } from '../../../core/scan/statistics/lowest.ts'
import type { Patch } from '../../../state/mosaic/patches.ts'
import { inputShapeOf } from '../../../state/selectors/shown.ts'
import { formatActivation, formatExtent, formatShare } from '../../common/format.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import { useNames } from '../../results/useNames.ts'
import { useApp } from '../../useApp.ts'
import { PatchStrip } from '../statistics/PatchStrip.tsx'
import type { KnownChannel, OpenChannel, Section } from './section.ts'
import { useKnownChannel } from './Sections.tsx'
import { Name } from '../../common/Name.tsx'

const lowestColumns = 8

function PatchAndChannel({ patch }: OpenChannel) {
  const known = useKnownChannel()
  return (
    <div className="numbers">
      {patch && <PatchNumbers patch={patch} />}
      {known && <ChannelNumbers known={known} />}
    </div>
  )
}

export const numbers: Section = { id: 'numbers', title: 'Numbers', folded: true, Component: PatchAndChannel }

const ChannelNumbers = memo(function ChannelNumbers({ known }: { known: KnownChannel }) {
  return (
    <>
      <Facts {...known} />
      {!known.result.isDead(known.channel) && <Lowest {...known} />}
    </>
  )
})

function PatchNumbers({ patch: { image, activation, unit, box, seat } }: { patch: Patch }) {
  const { pathOf, classOf } = useNames()
  const className = classOf(image)
  const [top, left, bottom, right] = box
  const [height, width] = useApp(inputShapeOf)!
  const isClipped = top < 0 || left < 0 || bottom > height || right > width
  return (
    <dl className="facts">
      <dt>Image</dt>
      <dd>
        <Name>{pathOf(image)}</Name>
      </dd>
      {className !== null && (
        <>
          <dt>Class</dt>
          <dd>
            <Name>{className}</Name>
          </dd>
        </>
      )}
      <dt>Activation</dt>
      <dd>{formatActivation(activation)}</dd>
      <dt>Unit</dt>
      <dd>
        row {unit[0]}, column {unit[1]}
      </dd>
      {seat && (
        <>
          <dt>Seat</dt>
          <dd>
            {formatExtent([seat[2] - seat[0], seat[3] - seat[1]])} at row {seat[0]}, column {seat[1]}
            <span className="muted"> · where the patch is cut, though the unit sees the whole image</span>
          </dd>
        </>
      )}
      <dt>{seat ? 'Sees' : 'Patch'}</dt>
      <dd>
        {formatExtent([bottom - top, right - left])} at row {top}, column {left}
        {isClipped && <span className="muted"> · clipped at the edge of the image</span>}
      </dd>
    </dl>
  )
}

/** The lines of all statistics. */
function Facts({ result, channel }: KnownChannel) {
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

function Lowest({ layer, result, channel }: KnownChannel) {
  const width = usePanelWidth()
  const k = useApp((state) => state.k)
  const entries = (result.of(lowest, channel) ?? []).slice(0, k)
  if (entries.length === 0) return null
  return (
    <div className="statistics-part">
      <h4>Lowest maxima</h4>
      <PatchStrip
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
