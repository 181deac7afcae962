/**
 * @file A point of the page at which the guided tour can stop. It shows a small card in the flow of the page, right above
 * what the card is about. The card covers nothing, takes the focus only if a button of the tour was pressed, and goes
 * away at once with Esc.
 */
import { X } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'
import { Button } from 'react-aria-components'
import { IconButton } from '../common/IconButton.tsx'
import { useScreen } from '../common/useScreen.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { type TourAnchor, tourSteps } from './tourSteps.ts'
import { useTour } from './useTour.ts'
import './tour.css'

export function TourStop({ anchor }: { anchor: TourAnchor }) {
  const { step } = useTour()
  const screen = useScreen()
  const channelShown = useApp((state) => state.channel !== null)
  if (step === null) return null
  const wanted = tourSteps[step]!.anchor
  // The user may have closed the channel, or the layers may be in a menu. The card is then above the mosaics, so that the
  // tour can go on.
  const lost = wanted === 'layers' ? screen !== 'wide' : wanted !== 'mosaics' && !channelShown
  return (lost ? 'mosaics' : wanted) === anchor ? <TourCard key={step} number={step} /> : null
}

function TourCard({ number }: { number: number }) {
  const { getState } = useAppStore()
  const { asked, show, end } = useTour()
  const card = useRef<HTMLElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const textId = useId()
  const { anchor, title, text, layers = [] } = tourSteps[number]!
  const next = tourSteps[number + 1]

  useEndByEscape(end)
  useEffect(() => {
    if (!asked) return
    button.current?.focus({ preventScroll: true })
    card.current?.scrollIntoView()
  }, [asked])

  const goOn = (): void => {
    if (!next) return end()
    next.prepare(getState())
    show(number + 1)
  }
  const scan = (layer: string): void => {
    const { showLayer, runFirst } = getState()
    showLayer(layer)
    // The current scan continues afterwards; the foot of the page says so.
    void runFirst([layer])
  }
  return (
    <section
      ref={card}
      className="tour"
      data-anchor={anchor}
      aria-label={`Guided tour: step ${number + 1} of ${tourSteps.length}`}
    >
      <div className="tour-head">
        <h2>{title}</h2>
        <span className="muted">
          {number + 1} of {tourSteps.length}
        </span>
        <IconButton label="End the tour" hint="Key Esc" onPress={end}>
          <X size={16} />
        </IconButton>
      </div>
      <p id={textId}>{text}</p>
      <div className="row">
        {layers.map((layer) => (
          <Button key={layer} className="button" onPress={() => scan(layer)}>
            Scan {layer}
          </Button>
        ))}
        <Button ref={button} className="button primary" aria-describedby={textId} onPress={goOn}>
          {next ? 'Next' : 'Done'}
        </Button>
      </div>
    </section>
  )
}

/** Esc ends the tour before it closes anything else, except for what lies over the page and fields being typed into. */
function useEndByEscape(end: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      if (document.querySelector('.popover, .modal') || (event.target as Element).closest('input')) return
      event.preventDefault()
      event.stopPropagation()
      end()
    }
    window.addEventListener('keydown', onKeyDown, true)
    return () => window.removeEventListener('keydown', onKeyDown, true)
  }, [end])
}
