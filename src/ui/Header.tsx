/** @file The header: the name, the colours, and between them the workbench's tools as soon as there is one. */
import { Keyboard, Moon, Sun } from 'lucide-react'
import { type ComponentType, useState } from 'react'
import { ErrorBoundary } from './common/ErrorBoundary.tsx'
import { IconButton } from './common/IconButton.tsx'
import { Later } from './common/Later.tsx'
import { remember, remembered } from './common/remembered.ts'
import { SkipLink } from './SkipLink.tsx'
import { TourButton } from './tour/TourButton.tsx'
import { useApp } from './useApp.ts'
import './shortcuts.css'

interface Props {
  /** Null while there is nothing to work on. */
  tools: ComponentType | null
}

export function Header({ tools: Tools }: Props) {
  return (
    <header className={Tools ? 'header workbench-open' : 'header'}>
      {Tools && <SkipLink />}
      <a className="brand" href="./" aria-label="Urpatch, start page">
        <img src="./icon.svg" alt="" width={20} height={20} />
        <span className="brand-name">Urpatch</span>
      </a>
      {Tools ? (
        <ErrorBoundary what="The header">
          <Later fallback={<span className="spacer" />}>
            <Tools />
          </Later>
        </ErrorBoundary>
      ) : (
        <span className="spacer" />
      )}
      <ThemeButton />
      {Tools && <KeysButton />}
      <TourButton />
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

const themeKey = 'urpatch-theme'

/** Follows the system until the user chooses. */
function ThemeButton() {
  const [theme, setTheme] = useState(() => {
    const saved = remembered(themeKey)
    if (saved) document.documentElement.style.colorScheme = saved
    return saved ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  })
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <IconButton
      label={`Switch to ${other} colours`}
      onPress={() => {
        remember(themeKey, other)
        document.documentElement.style.colorScheme = other
        setTheme(other)
      }}
    >
      {theme === 'dark' ? <Sun size={18} /> : <Moon size={18} />}
    </IconButton>
  )
}
