/**
 * @file Statistics of the numbers that the network gets, per channel: range, mean, standard deviation and a small
 * histogram.
 */
import {
  type InputChannelStatistics,
  histogramBins,
  type InputStatistics,
} from '../../core/preprocessing/inputStatistics.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { formatActivation } from '../common/format.ts'

interface Props {
  title: string
  statistics: InputStatistics | null
  /** The number of the network's input channels; the table has its rows before the numbers come. */
  channels: number
  preprocessing: Preprocessing
}

const figures = ['min', 'max', 'mean', 'std'] as const
const figureNames = { min: 'min', max: 'max', mean: 'mean', std: 'deviation' } as const
const figureTitles = {
  min: 'The lowest value',
  max: 'The highest value',
  mean: 'The mean of all values',
  std: 'Standard deviation: how far values lie from their mean',
} as const

export function PreprocessingStatistics({ title, statistics, channels, preprocessing }: Props) {
  const names = channelNames(channels, preprocessing.channels)
  return (
    <table className="input-statistics" aria-busy={statistics === null}>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Channel</th>
          <th scope="col">
            {statistics
              ? `${Number(statistics.low.toPrecision(4))} … ${Number(statistics.high.toPrecision(4))}`
              : 'Values'}
          </th>
          {figures.map((key) => (
            <th key={key} scope="col" className="number">
              <span title={figureTitles[key]}>{figureNames[key]}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {names.map((name, c) => (
          <Row key={name} name={name} channel={statistics?.channels[c] ?? null} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ name, channel }: { name: string; channel: InputChannelStatistics | null }) {
  return (
    <tr>
      <th scope="row">
        <span className="input-channel" data-channel={name.toLowerCase()} aria-hidden />
        {name}
      </th>
      <td>
        <Histogram counts={channel?.histogram ?? []} />
      </td>
      {figures.map((key) => (
        <td key={key} className="number">
          {channel ? formatActivation(channel[key]) : '…'}
        </td>
      ))}
    </tr>
  )
}

/** The height of the drawing. The tallest bar fills it, except for lone peaks such as those of black borders. */
const high = 20

function Histogram({ counts }: { counts: readonly number[] }) {
  const sorted = counts.toSorted((a, b) => b - a)
  const top = Math.max(1, Math.min(sorted[0] ?? 0, 4 * (sorted[4] ?? 0)))
  const bars = counts.map((count, i) => {
    const height = Math.min(high, (count / top) * high)
    return `M${i} ${high}v${-height}h1v${height}`
  })
  return (
    <svg
      className="input-histogram"
      viewBox={`0 0 ${histogramBins} ${high}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      <path d={bars.join('')} />
    </svg>
  )
}

/** The channels' names, in the network's order. */
function channelNames(count: number, channels: Preprocessing['channels']): readonly string[] {
  if (count === 1) return ['Grey']
  const colours = {
    rgb: ['Red', 'Green', 'Blue'],
    bgr: ['Blue', 'Green', 'Red'],
    grey: ['Grey 1', 'Grey 2', 'Grey 3'],
  }[channels]
  return count === 4 ? [...colours, 'Alpha'] : colours
}
