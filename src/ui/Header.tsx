/** @file The header: the name, the colours, and between them the workbench's tools as soon as there is one. */
import { Moon, Sun } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Button } from 'react-aria-components'
import { ErrorBoundary } from './common/ErrorBoundary.tsx'
import { remember, remembered } from './common/remembered.ts'
import { loadWorkbench } from './loadWorkbench.ts'
import { TourButton } from './tour/TourButton.tsx'
import { useReady } from './useReady.ts'

const HeaderTools = lazy(async () => ({ default: (await loadWorkbench()).HeaderTools }))

export function Header() {
  const ready = useReady()
  return (
    <header className={ready ? 'header workbench-open' : 'header'}>
      <a className="brand" href="./" aria-label="Urpatch, start page">
        <img src="./icon.svg" alt="" width={20} height={20} />
        <span className="brand-name">Urpatch</span>
      </a>
      {ready && (
        <ErrorBoundary what="The header">
          <Suspense fallback={<span className="spacer" />}>
            <HeaderTools />
          </Suspense>
        </ErrorBoundary>
      )}
      {!ready && <span className="spacer" />}
      <ThemeButton />
      <TourButton />
    </header>
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
    <Button
      className="icon-button"
      aria-label={`Switch to ${other} colours`}
      onPress={() => {
        remember(themeKey, other)
        document.documentElement.style.colorScheme = other
        setTheme(other)
      }}
    >
      {theme === 'dark' ? <Sun size={18} /> : <Moon size={18} />}
    </Button>
  )
}
