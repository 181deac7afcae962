/** @file The values of a measure as a small histogram, under a slider with two thumbs that chooses a range of them. */
import { useMemo } from 'react'
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components'
import type { Range } from '../../../core/mosaic/finding.ts'
import { barsOf, rangeAt, scaleOf, thumbsAt } from '../../../core/mosaic/rangeScale.ts'
import type { MeasureHead } from '../../../core/scan/measures/measure.ts'
import './rangeFilter.css'

interface Props {
  measure: MeasureHead
  /** NaN if it is not known. */
  values: Float64Array
  range: Range | undefined
  /** The value undefined takes the filter away. */
  onChange: (range: Range | undefined) => void
}

/** The size of the drawing in its own units; it is stretched. */
const barHeight = 16

/** Renders nothing if all values are the same. */
export function RangeFilter({ measure, values, range, onChange }: Props) {
  const scale = useMemo(() => scaleOf(values, measure.unit), [values, measure.unit])
  const path = useMemo(() => scale && pathOf(barsOf(values, scale)), [values, scale])
  if (!scale || path === null) return null
  const thumbs = thumbsAt(range, scale)
  const step = (scale.to - scale.from) / scale.bars
  return (
    <Slider
      className="range-filter"
      data-set={range ? true : undefined}
      aria-label={`Range of ${measure.label}`}
      // Values of the measure, as screen readers say them.
      minValue={scale.from}
      maxValue={scale.to}
      step={step}
      value={thumbs.map((thumb) => scale.from + thumb * step)}
      formatOptions={
        measure.unit === 'share' || measure.unit === 'ratio'
          ? { style: 'percent' }
          : { maximumSignificantDigits: 3 }
      }
      onChange={(next) => {
        const [low, high] = (next as number[]).map((value) => Math.round((value - scale.from) / step))
        onChange(rangeAt([low!, high!], scale))
      }}
    >
      <svg
        viewBox={`0 0 ${scale.bars} ${barHeight}`}
        preserveAspectRatio="none"
        className="range-bars"
        aria-hidden
      >
        <path d={path} />
        <rect className="range-out" x={0} y={0} width={thumbs[0]} height={barHeight} />
        <rect className="range-out" x={thumbs[1]} y={0} width={scale.bars - thumbs[1]} height={barHeight} />
      </svg>
      <SliderTrack className="range-track">
        <SliderThumb index={0} className="range-thumb" aria-label={`${measure.label} from`} />
        <SliderThumb index={1} className="range-thumb" aria-label={`${measure.label} to`} />
      </SliderTrack>
    </Slider>
  )
}

function pathOf(bars: readonly number[]): string {
  const most = Math.max(...bars)
  return bars
    .map((count, i) => {
      const tall = count === 0 ? 0 : Math.max(1, (count / most) * barHeight)
      return count === 0 ? '' : `M${i} ${barHeight}v${-tall.toFixed(1)}h1v${tall.toFixed(1)}z`
    })
    .join('')
}
