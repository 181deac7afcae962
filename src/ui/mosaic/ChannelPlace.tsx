/**
 * @file The column of the open channel: it is always there, so that nothing moves when a channel is opened. While none is
 * open, it describes the layer. On narrow screens the channel is a page over everything.
 */
import { useEffect, useRef } from 'react'
import { useApp } from '../useApp.ts'
import { useScreen } from '../common/useScreen.ts'
import { ChannelPanel } from './ChannelPanel.tsx'
import { LayerSummary } from './LayerSummary.tsx'

/** When the channel is closed from within, the focus goes to its tile. */
function useFocusBack(isOpen: boolean): void {
  const channel = useApp((state) => state.channel)
  const last = useRef(channel)
  useEffect(() => {
    if (channel !== null) last.current = channel
  }, [channel])
  useEffect(() => {
    if (isOpen || last.current === null) return
    const { activeElement } = document
    if (activeElement !== null && activeElement !== document.body) return
    const tile = document.querySelector<HTMLElement>(`.channel-item[data-channel="${last.current}"]`)
    tile?.focus({ preventScroll: true })
  }, [isOpen])
}

/** Follows the state by itself, so that opening a channel renders nothing else. */
export function ChannelPlace() {
  const isOpen = useApp((state) => state.channel !== null && state.layer !== null)
  const screen = useScreen()
  useFocusBack(isOpen)
  if (isOpen) return <ChannelPanel />
  return screen === 'narrow' ? null : <LayerSummary />
}
