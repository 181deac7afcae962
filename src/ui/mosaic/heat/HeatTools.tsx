/** @file How the heat-map is shown, what its colours mean, and copies of it. */
import { Copy, Table2 } from 'lucide-react'
import { Switch } from 'react-aria-components'
import { heatColor, heatRange } from '../../../core/mosaic/heatMap.ts'
import { formatActivation } from '../../common/format.ts'
import { IconButton } from '../../common/IconButton.tsx'
import { useApp, useAppStore } from '../../useApp.ts'
import { copyHeatImage, copyHeatMap } from './copyHeat.ts'
import { HeatOpacity } from './HeatOpacity.tsx'
import { useChangeHeat } from './HeatSwitch.tsx'
import { type FoundHeat, type HeatPlace, useHeatMap } from './useHeatMap.ts'

export default function HeatTools(place: HeatPlace) {
  const store = useAppStore()
  const patches = useApp((state) => state.heat.patches)
  const changeHeat = useChangeHeat()
  const { map } = useHeatMap(place)
  return (
    <>
      <HeatOpacity />
      <span className="spacer" />
      <IconButton
        label="Copy image"
        hint="The picture with its heat-map"
        isUnavailable={map === null}
        onPress={() => void copyHeatImage(store, place)}
      >
        <Copy size={16} />
      </IconButton>
      <IconButton
        label="Copy map"
        hint="The numbers, for a table"
        isUnavailable={map === null}
        onPress={() => void copyHeatMap(store, place)}
      >
        <Table2 size={16} />
      </IconButton>
      <div className="heat-row heat-legend">
        <Legend map={map} />
        <span className="spacer" />
        <span title="All patches have one scale, up to the strongest of them">
          <Switch
            className="switch"
            isSelected={patches}
            onChange={(value) => changeHeat({ patches: value })}
          >
            <span className="switch-track" aria-hidden />
            On patches
          </Switch>
        </span>
      </div>
    </>
  )
}

/** The colours from 0, or from the lowest, to the largest activation of this map. */
function Legend({ map }: Pick<FoundHeat, 'map'>) {
  const range = map && heatRange(map)
  if (range?.end === 0)
    return <span className="muted">{range.nan > 0 ? 'Every unit is 0 or NaN' : 'Every unit is 0'}</span>
  const isSigned = range?.isSigned ?? false
  const end = range ? formatActivation(range.end) : ''
  return (
    <span className="heat-scale" title="The colours of activations, up to the largest one in this image">
      <span>{range && (isSigned ? `−${end}` : '0')}</span>
      <span className="heat-gradient" style={{ backgroundImage: gradient(isSigned) }} aria-hidden />
      <span>{end}</span>
      {range !== null && range.nan > 0 && <span className="muted">{range.nan.toLocaleString('en')} NaN</span>}
    </span>
  )
}

function gradient(isSigned: boolean): string {
  const steps = Array.from({ length: 19 }, (_, i) => (isSigned ? i / 9 - 1 : i / 18))
  return `linear-gradient(to right, ${steps.map((share) => `rgb(${heatColor(share, isSigned).join()})`).join()})`
}
