/**
 * @file The caption of a tile: the classes of its patches as a strip of colours, and the maxima of all images as a small
 * histogram; the same in words under the pointer and for screen readers. It is a few plain elements, as there are dozens of
 * tiles.
 */
import type { ImageTable } from '../../core/images/imageTable.ts'
import { topOfClasses } from '../../core/scan/classShares.ts'
import { byCount, classStrip } from '../../core/mosaic/classColors.ts'
import type { Note } from '../../core/notes/note.ts'
import type { HistogramBin } from '../../core/scan/maximaHistogram.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import { activity } from '../../core/scan/statistics/activity.ts'
import { histogram } from '../../core/scan/statistics/histogram.ts'
import { inSentence } from '../../core/shownText.ts'
import { isWhole } from '../../state/scan/coverage.ts'
import { noteOf } from '../../state/selectors/notes.ts'
import { classCountOf, tableOf } from '../../state/selectors/shown.ts'
import { useNames } from '../results/useNames.ts'
import { formatActivation, formatShare } from '../common/format.ts'
import { useApp } from '../useApp.ts'
import { layOutChart } from './statistics/layOutHistogram.ts'
import type { ChannelNews } from './useChannelNews.ts'
import { Name } from '../common/Name.tsx'

/** The number of classes that are named. */
const mostClasses = 3

/** The size in units of the drawing, which is stretched to the room that there is. */
const height = 14
const mostWidth = 56

export function TileCaption({ layer, result, channel, k }: ChannelNews & { k: number }) {
  const table = useApp(tableOf)
  const hasClasses = useApp((state) => classCountOf(state) > 1)
  // True until all chosen images have been through.
  const soFar = useApp((state) => !isWhole(state, layer))
  const known = result && result.scanned > 0 ? result : null
  const { classNameOf } = useNames()
  const note = useApp((state) => noteOf(state, layer, channel))
  const facts = known ? factsOf(known, channel, k, hasClasses ? table : null, classNameOf, soFar) : ''
  const text = [noteText(note), facts].filter(Boolean).join(' ')
  const dead = known?.isDead(channel) ?? false
  const bins = known && !dead ? (known.of(histogram, channel)?.bins ?? []) : []
  return (
    <div className="tile-foot" title={text && `${text} (channel ${channel})`}>
      <div
        className="tile-classes"
        style={known && table && hasClasses ? stripOf(known, channel, k, table) : undefined}
      />
      <div className="tile-caption">
        <span className="tile-number">{channel}</span>
        {(note.name !== '' || note.star) && (
          <span className="tile-name">
            {note.star && '★ '}
            <Name>{note.name}</Name>
          </span>
        )}
        {dead ? (
          <span className="tile-dead">{soFar ? 'dead so far' : 'dead'}</span>
        ) : (
          bins.length > 0 && <SmallHistogram bins={bins} />
        )}
        <span id={tileFactsId(channel)} className="visually-hidden">
          {text}
        </span>
      </div>
    </div>
  )
}

/** `Named “eye”, starred. Blue ones.` */
function noteText({ name, star, note }: Note): string {
  const said = [name && `Named “${inSentence(name)}”`, star && 'starred'].filter(Boolean).join(', ')
  return [said && `${said[0]!.toUpperCase()}${said.slice(1)}.`, note].filter(Boolean).join(' ')
}

/** The id of the element that describes a tile. */
export function tileFactsId(channel: number): string {
  return `tile-facts-${channel}`
}

function SmallHistogram({ bins }: { bins: readonly HistogramBin[] }) {
  const chart = layOutChart(bins)
  const most = Math.max(...chart.bars.map(({ count }) => count))
  // One path, as an element for each bar of each tile would be thousands.
  const path = chart.bars
    .map(({ x, width, count }) => {
      const tall = Math.max(1, (count / most) * height)
      return `M${x} ${height}v${-tall.toFixed(1)}h${width}v${tall.toFixed(1)}z`
    })
    .join('')
  return (
    <svg
      className="tile-histogram"
      viewBox={`0 0 ${chart.width} ${height}`}
      width={mostWidth}
      height={height}
      preserveAspectRatio="none"
      aria-hidden
    >
      <path d={path} />
    </svg>
  )
}

/** Is undefined if there are no patches. */
function stripOf(
  result: ReadableResult,
  channel: number,
  k: number,
  { classOf }: ImageTable,
): { backgroundImage: string } | undefined {
  const patches = result.top(channel, k).length
  if (patches === 0) return undefined
  return { backgroundImage: classStrip(topOfClasses(result, channel, k, classOf), patches) }
}

/** `Highest activation 11.71. siamese-cat 12 of 16, fox 4 of 16. Fires in 95 % of the images.` */
function factsOf(
  result: ReadableResult,
  channel: number,
  k: number,
  /** Null if there are no classes to be told apart. */
  table: ImageTable | null,
  classNameOf: (classNumber: number) => string,
  soFar: boolean,
): string {
  if (result.isDead(channel)) return soFar ? 'Dead so far.' : 'Dead.'
  const highest = result.highest(channel)
  const sentences: string[] = []
  if (highest !== null)
    sentences.push(highest === -Infinity ? 'Only NaN.' : `Highest activation ${formatActivation(highest)}.`)
  const patches = result.top(channel, k).length
  if (table && patches > 0) {
    const classes = byCount(topOfClasses(result, channel, k, table.classOf)).slice(0, mostClasses)
    const texts = classes.map(
      ([number, count]) => `${inSentence(classNameOf(number))} ${count} of ${patches}`,
    )
    if (texts.length > 0) sentences.push(`${texts.join(', ')}.`)
  }
  const active = result.of(activity, channel)
  if (active) sentences.push(`Fires in ${formatShare(active.activeImages, result.scanned)} of the images.`)
  return sentences.join(' ')
}
