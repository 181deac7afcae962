/** @file How much of a picture the colours over it hide. */

interface Props {
  /** Its accessible name. */
  name: string
  className?: string
  /** From 0 to 1. */
  opacity: number
  onChange: (opacity: number) => void
}

export function OpacitySlider({ name, className, opacity, onChange }: Props) {
  const percent = Math.round(100 * opacity)
  return (
    <input
      type="range"
      className={className}
      aria-label={name}
      title={name}
      min={0}
      max={100}
      step={5}
      value={percent}
      aria-valuetext={`${percent} %`}
      onChange={(event) => onChange(Number(event.target.value) / 100)}
    />
  )
}
