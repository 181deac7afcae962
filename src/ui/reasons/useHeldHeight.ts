/** @file Keeps the room of what is about to be replaced, so that nothing below it moves meanwhile. */
import { type CSSProperties, type RefObject, useEffect, useRef, useState } from 'react'

export function useHeldHeight(isBusy: boolean): {
  readonly ref: RefObject<HTMLDivElement | null>
  readonly style: CSSProperties | undefined
} {
  const ref = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(0)
  useEffect(() => {
    const element = ref.current
    if (isBusy || !element) return undefined
    const observer = new ResizeObserver(() => setHeight(element.offsetHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [isBusy])
  return { ref, style: isBusy ? { minHeight: height } : undefined }
}
