/** @file The header: the app's name, the workbench's tools if there is a workbench, and buttons for the whole page. */
import { Keyboard } from 'lucide-react'
import type { ComponentType } from 'react'
import { aloneOf } from '../state/selectors/shown.ts'
import { Brand } from './common/Brand.tsx'
import { ErrorBoundary } from './common/ErrorBoundary.tsx'
import { IconButton } from './common/IconButton.tsx'
import { Later } from './common/Later.tsx'
import { ThemeButton } from './common/ThemeButton.tsx'
import { useScreen } from './common/useScreen.ts'
import { SkipLink } from './SkipLink.tsx'
import { TourButton } from './tour/TourButton.tsx'
import { useApp } from './useApp.ts'
import './shortcuts.css'

interface Props {
  /** Is null while no workbench is open. */
  tools: ComponentType | null
}

export function Header({ tools: Tools }: Props) {
  const isAlone = useApp((state) => aloneOf(state) !== null)
  // In one row, everything else is in a menu among the tools.
  const isOneRow = useScreen() === 'narrow' && Tools !== null && !isAlone
  return (
    <header className={isOneRow ? 'header header-row' : 'header'}>
      {Tools && <SkipLink />}
      {!isOneRow && <Brand />}
      {Tools ? (
        <ErrorBoundary what="The header">
          <Later fallback={<span className="spacer" />}>
            <Tools />
          </Later>
        </ErrorBoundary>
      ) : (
        <span className="spacer" />
      )}
      {!isOneRow && (
        <>
          <ThemeButton />
          {Tools && <KeysButton />}
          <TourButton />
        </>
      )}
    </header>
  )
}

function KeysButton() {
  const showPage = useApp((state) => state.showPage)
  return (
    <IconButton
      label="Keyboard shortcuts"
      hint="Key ?"
      className="icon-button wide-only"
      onPress={() => showPage('keys')}
    >
      <Keyboard size={18} />
    </IconButton>
  )
}
