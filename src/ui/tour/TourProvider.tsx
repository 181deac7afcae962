/** @file Starts the guided tour when the demo is opened for the first time, and ends it with the demo. */
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { isDemoOpen } from '../../state/selectors/openProject.ts'
import { remember, remembered } from '../common/remembered.ts'
import { useAppStore } from '../useApp.ts'
import { type Tour, TourContext } from './useTour.ts'

const key = 'urpatch-tour'
const over = { step: null, asked: false }

export function TourProvider({ children }: { children: ReactNode }) {
  const { subscribe } = useAppStore()
  const [at, setAt] = useState<Pick<Tour, 'step' | 'asked'>>(over)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(
    () =>
      subscribe((state, before) => {
        const demo = isDemoOpen(state)
        if (demo === isDemoOpen(before)) return
        setAt(demo && remembered(key) === null ? { step: 0, asked: false } : over)
      }),
    [subscribe],
  )
  const tour = useMemo(
    (): Tour => ({
      ...at,
      button,
      show: (step) => setAt({ step, asked: true }),
      end() {
        remember(key, 'seen')
        // If the focus is in the card, it is moved before the card goes away.
        if (document.activeElement?.closest('.tour'))
          (button.current ?? document.querySelector<HTMLElement>('.header button'))?.focus()
        setAt(over)
      },
    }),
    [at],
  )
  return <TourContext value={tour}>{children}</TourContext>
}
