/**
 * @file The place of the channel: a column that is always there, so that nothing moves when a channel is opened. While
 * none is, it says what there is to know of the layer. On narrow screens the channel is a page over all.
 */
import { useApp } from '../useApp.ts'
import { useScreen } from '../common/useScreen.ts'
import { ChannelPanel } from './ChannelPanel.tsx'
import { LayerSummary } from './LayerSummary.tsx'

/** By itself, so that opening a channel renders nothing else. */
export function ChannelPlace() {
  const isOpen = useApp((state) => state.channel !== null && state.layer !== null)
  const screen = useScreen()
  if (isOpen) return <ChannelPanel />
  return screen === 'narrow' ? null : <LayerSummary />
}
