/** @file The header: what is open, what runs it, Run and Export. */
import { FolderOpen, Images, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { formatCount } from './common/format.ts'
import { usePickers } from './common/FileInputs.tsx'
import { BackendMenu } from './scan/BackendMenu.tsx'
import { ExportMenu } from './scan/ExportMenu.tsx'
import { ImagesMenu } from './images/ImagesMenu.tsx'
import { InputSizeMenu } from './model/InputSizeMenu.tsx'
import { totalParameters } from './model/layerFacts.ts'
import { RunButtons } from './scan/RunButtons.tsx'
import { useApp } from './useApp.ts'

export function Header() {
  const model = useApp((state) => state.model)
  const images = useApp((state) => state.images)
  const ready = model !== null && images !== null
  const { pickModel, pickImages } = usePickers()
  const opening = useApp((state) => state.openingModel)
  return (
    <header className={ready ? 'header workbench-open' : 'header'}>
      <a className="brand" href="./" aria-label="Urpatch, start page">
        <img src="./icon.svg" alt="" width={20} height={20} />
        <span className="brand-name">Urpatch</span>
      </a>
      {ready && (
        <>
          <div className="source">
            <Button className="button quiet" aria-label="Open model" onPress={pickModel}>
              <FolderOpen size={16} aria-hidden />
            </Button>
            <span className="source-name" title={model.name}>
              {opening ? `Opening ${opening}…` : model.name}
            </span>
            {model.network.openSize && <InputSizeMenu key={String(model.network.inputShape)} />}
            <span className="muted wide-only">{formatCount(totalParameters(model))} parameters</span>
          </div>
          <div className="source">
            <Button className="button quiet" aria-label="Open images" onPress={pickImages}>
              <Images size={16} aria-hidden />
            </Button>
            <ImagesMenu />
          </div>
          <span className="row-break" />
          <BackendMenu />
          <span className="spacer" />
          <RunButtons />
          <ExportMenu />
        </>
      )}
      {!ready && <span className="spacer" />}
      <ThemeButton />
    </header>
  )
}

const themeKey = 'urpatch-theme'

/** Follows the system until the user chooses. */
function ThemeButton() {
  const [theme, setTheme] = useState(() => {
    const saved = localStorage.getItem(themeKey)
    if (saved) document.documentElement.style.colorScheme = saved
    return saved ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  })
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <Button
      className="icon-button"
      aria-label={`Switch to ${other} colours`}
      onPress={() => {
        localStorage.setItem(themeKey, other)
        document.documentElement.style.colorScheme = other
        setTheme(other)
      }}
    >
      {theme === 'dark' ? <Sun size={18} /> : <Moon size={18} />}
    </Button>
  )
}
