/** @file Where the guided tour stands, for all that shows a part of it. */
import { createContext, type RefObject, use } from 'react'

export interface Tour {
  /** Number of the step that is shown; null: the tour is not under way. */
  readonly step: number | null
  /** The user came here by a button of the tour, so the focus may follow; the first time it must not. */
  readonly asked: boolean
  /** Starts it anew; takes the focus back when the tour ends. */
  readonly button: RefObject<HTMLButtonElement | null>
  show(step: number): void
  /** For good: it does not come by itself again. */
  end(): void
}

export const TourContext = createContext<Tour | null>(null)

export function useTour(): Tour {
  const tour = use(TourContext)
  if (!tour) throw new Error('there is no TourContext')
  return tour
}
