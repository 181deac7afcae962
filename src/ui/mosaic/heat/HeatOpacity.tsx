/** @file How much of the picture the heat-map hides. */
import { OpacitySlider } from '../../common/OpacitySlider.tsx'
import { useApp } from '../../useApp.ts'
import { useChangeHeat } from './HeatSwitch.tsx'

export function HeatOpacity() {
  const opacity = useApp((state) => state.heat.opacity)
  const changeHeat = useChangeHeat()
  return (
    <OpacitySlider
      name="Heat-map opacity"
      className="heat-opacity"
      opacity={opacity}
      onChange={(value) => changeHeat({ opacity: value })}
    />
  )
}
