/** @file Keeps the room of what is about to be replaced, so that nothing below it moves meanwhile. */
import { type RefObject, useLayoutEffect, useRef } from 'react'

/** While it is busy, the element is at least as high as before. Nothing is rendered for that. */
export function useHeldHeight(isBusy: boolean): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null)
  const height = useRef(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return undefined
    element.style.minHeight = isBusy ? `${height.current}px` : ''
    if (isBusy) return undefined
    const observer = new ResizeObserver(() => (height.current = element.offsetHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [isBusy])
  return ref
}
