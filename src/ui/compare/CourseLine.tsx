/** @file How a statistic goes on from scan to scan, as a small line. */

const width = 120
const height = 28
/** Room for the dot. */
const margin = 4

interface Props {
  /** What it is of, and what its values are, for those who do not see it. */
  label: string
  /** NaN if it is not known. */
  values: readonly number[]
  /** The position of the scan that is shown. */
  step: number
}

export function CourseLine({ label, values, step }: Props) {
  const known = values.filter(Number.isFinite)
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)]
  const x = (at: number): number => margin + (at / Math.max(1, values.length - 1)) * (width - 2 * margin)
  const y = (value: number): number =>
    height - margin - ((value - low) / (high - low || 1)) * (height - 2 * margin)
  const path = values
    .map((value, at) => {
      if (!Number.isFinite(value)) return ''
      // A gap, as of a scan that lacks the channel, begins a new line.
      const move = Number.isFinite(values[at - 1]) ? 'L' : 'M'
      return `${move}${x(at).toFixed(1)} ${y(value).toFixed(1)}`
    })
    .join('')
  const shown = values[step]
  return (
    <svg className="compare-course" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <line x1={margin} x2={width - margin} y1={y(0)} y2={y(0)} />
      <path d={path} />
      {shown !== undefined && Number.isFinite(shown) && <circle cx={x(step)} cy={y(shown)} r={3} />}
    </svg>
  )
}
