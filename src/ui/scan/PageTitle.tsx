/** @file The title of the tab: how far the scan is and what is shown, so that tabs and bookmarks can be told apart. */
import { useEffect } from 'react'
import { inSentence } from '../../core/shownText.ts'
import type { AppState } from '../../state/appState.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { recordedOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'

const app = 'Urpatch'

export function PageTitle() {
  const title = useApp(titleOf)
  useEffect(() => {
    document.title = title
    return () => {
      document.title = app
    }
  }, [title])
  return null
}

export function titleOf(state: AppState): string {
  const { scan, layer, channel } = state
  const name = recordedOf(state)?.name ?? state.model?.name
  const parts: string[] = []
  if (isUnderWay(scan)) {
    const { done, total } = scan.progress
    parts.push(
      `${Math.floor((done / Math.max(1, total)) * 100)} %${scan.status === 'paused' ? ' paused' : ''}`,
    )
  }
  if (layer !== null && channel !== null) parts.push(`${inSentence(layer)}, channel ${channel}`)
  else if (layer !== null) parts.push(inSentence(layer))
  if (name !== undefined) parts.push(inSentence(name))
  return parts.length > 0 ? `${parts.join(' · ')} – ${app}` : app
}
