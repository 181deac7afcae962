/** @file How much of the picture the heat-map hides. */
import { useApp } from '../../useApp.ts'
import { useChangeHeat } from './HeatSwitch.tsx'

export function HeatOpacity() {
  const opacity = useApp((state) => state.heat.opacity)
  const changeHeat = useChangeHeat()
  return (
    <input
      type="range"
      className="heat-opacity"
      aria-label="Heat-map opacity"
      title="Heat-map opacity"
      min={0}
      max={100}
      step={5}
      value={Math.round(100 * opacity)}
      aria-valuetext={`${Math.round(100 * opacity)} %`}
      onChange={(event) => changeHeat({ opacity: Number(event.target.value) / 100 })}
    />
  )
}
