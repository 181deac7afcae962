/** @file `?` opens the list of keys, unless it is being typed. */
import { useEffect } from 'react'
import { useAppStore } from './useApp.ts'

export function useShortcutKey(): void {
  const { getState } = useAppStore()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== '?' || event.ctrlKey || event.altKey || event.metaKey) return
      if ((event.target as Element).closest('input, textarea, [contenteditable]')) return
      if (document.querySelector('.modal, .popover')) return
      event.preventDefault()
      getState().showPage('keys')
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [getState])
}
