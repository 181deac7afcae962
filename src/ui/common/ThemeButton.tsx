/** @file Switches between light and dark colours. */
import { Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from './IconButton.tsx'
import { remember, remembered } from './remembered.ts'

const themeKey = 'urpatch-theme'

/** The colours follow the system's until the user chooses. */
export function ThemeButton() {
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
