/** @file How heat-maps were shown on the last visit. */
import type { HeatSettings } from '../../../state/appState.ts'
import { remember, remembered } from '../../common/remembered.ts'

const key = 'heat-maps'

export function rememberHeat(heat: HeatSettings): void {
  remember(key, JSON.stringify(heat))
}

/** What is not known, or not as it should be, is left out. */
export function rememberedHeat(): Partial<HeatSettings> {
  try {
    const stored = JSON.parse(remembered(key) ?? '{}') as Record<keyof HeatSettings, unknown>
    const { opacity } = stored
    const isShare = typeof opacity === 'number' && opacity >= 0 && opacity <= 1
    const switches = (['part', 'whole', 'patches'] as const).filter(
      (name) => typeof stored[name] === 'boolean',
    )
    return {
      ...Object.fromEntries(switches.map((name) => [name, stored[name]])),
      ...(isShare ? { opacity } : {}),
    }
  } catch {
    return {}
  }
}
