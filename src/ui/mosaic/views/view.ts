/** @file What a view of a layer is; `index.ts` lists them. */
import type { ComponentType } from 'react'
import type { AppState } from '../../../state/appState.ts'

/** One way to show all channels of a layer, behind a tab of its own. */
export interface LayerView {
  /** As the address says it. */
  readonly id: string
  /** As the tab says it. */
  readonly label: string
  /** What fills the place below the toolbar. All but the mosaics are `lazy`, so that a view that is not open costs nothing. */
  readonly Component: ComponentType<{ layer: string }>
  /** The controls of the view, in one row, or with `inSheet` one below the other. */
  readonly Controls?: ComponentType<{ inSheet?: boolean }>
  /** Without it, there is always something to show. */
  applies?(state: AppState): boolean
}
