/** @file A placeholder for an image that is not open. */
import { ImageOff } from 'lucide-react'
import './recorded.css'
import { useApp } from '../useApp.ts'

/** `extent` is its width and height in CSS pixels. */
export function NoPicture({ extent }: { extent: number }) {
  const images = useApp((state) => state.images)
  return (
    <div className="no-picture" style={{ width: extent, height: extent }}>
      <ImageOff size={24} aria-hidden />
      <p>{images ? 'This image is not among the open ones.' : 'Open the images to see it.'}</p>
    </div>
  )
}
