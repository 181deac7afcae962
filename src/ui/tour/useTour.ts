/** @file The state of the guided tour, for the components that show a part of it. */
import { createContext, type RefObject, use } from 'react'

export interface Tour {
  /** The index of the shown step; null if the tour is not running. */
  readonly step: number | null
  /** Whether the user pressed a button of the tour, so that the focus may move. It must not if the tour starts itself. */
  readonly asked: boolean
  /** The button that starts the tour again. It gets the focus when the tour ends. */
  readonly button: RefObject<HTMLButtonElement | null>
  show(step: number): void
  /** Ends the tour for good: it does not start by itself again. */
  end(): void
}

export const TourContext = createContext<Tour | null>(null)

export function useTour(): Tour {
  const tour = use(TourContext)
  if (!tour) throw new Error('there is no TourContext')
  return tour
}
