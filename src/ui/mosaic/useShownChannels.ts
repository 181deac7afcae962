/** @file The channels of the shown layer, in the order in which they are shown. */
import { shownOrder } from '../../state/selectors/shownOrder.ts'
import { useApp } from '../useApp.ts'

export function useShownChannels(): readonly number[] {
  return useApp((state) => shownOrder(state).channels)
}
