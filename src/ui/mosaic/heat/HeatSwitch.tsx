/** @file Switches the heat-map of the shown layer on and off, and remembers how it is shown. */
import { useEffect } from 'react'
import { Switch } from 'react-aria-components'
import type { HeatSettings } from '../../../state/appState.ts'
import { heatOf, heatSwitch } from '../../../state/selectors/heat.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import { rememberHeat } from './rememberedHeat.ts'

export function HeatSwitch() {
  const heat = useApp((state) => heatOf(state, state.layer))
  const isOn = useApp((state) => heat !== null && state.heat[heatSwitch(heat)])
  const changeHeat = useChangeHeat()
  if (heat?.why !== null) return null
  return (
    <Switch
      className="switch heat-switch"
      isSelected={isOn}
      onChange={(value) => changeHeat({ [heatSwitch(heat)]: value })}
    >
      <span className="switch-track" aria-hidden />
      Heat-map
    </Switch>
  )
}

/** Changes how heat-maps are shown, also for later visits. */
export function useChangeHeat(): (change: Partial<HeatSettings>) => void {
  const { getState } = useAppStore()
  return (change) => {
    getState().setHeat(change)
    rememberHeat(getState().heat)
  }
}

const typed =
  'input:not([type=range], [type=checkbox]), textarea, [contenteditable], [role=menu], [role=listbox]'

/** `H` switches it, unless letters are being typed. */
export function useHeatKey(): void {
  const { getState } = useAppStore()
  const changeHeat = useChangeHeat()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'h' || event.defaultPrevented) return
      if (event.ctrlKey || event.altKey || event.metaKey || (event.target as Element).closest(typed)) return
      const state = getState()
      const heat = heatOf(state, state.layer)
      if (heat?.why !== null) return
      event.preventDefault()
      changeHeat({ [heatSwitch(heat)]: !state.heat[heatSwitch(heat)] })
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
}
