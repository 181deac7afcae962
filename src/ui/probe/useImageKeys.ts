/** @file The keys of an image's page: arrows lead to the next and the previous image. */
import { useEffect } from 'react'
import { useAppStore } from '../useApp.ts'

/** Arrow keys of controls are their own, and so are those of the picture and of tiles, which stop them. */
const ownKeys = 'input, select, textarea, [role=slider], [role=listbox], [role=group] button'

export function useImageKeys(image: number): void {
  const { getState } = useAppStore()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
      if (by === undefined || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return
      if (event.target instanceof Element && event.target.closest(ownKeys)) return
      const { images, showImage } = getState()
      if (!images) return
      const { order, paths } = images.table
      const at = order.indexOf(image)
      event.preventDefault()
      showImage(paths[order[(at + by + order.length) % order.length]!]!)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [image, getState])
}
