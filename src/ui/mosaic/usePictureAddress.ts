/** @file An image of the set as an address, for drawings that need one. */
import { useEffect, useState } from 'react'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'

/** `maxSide` is in device pixels. Is null until the address is there, and if there is no image. */
export function usePictureAddress(image: number | null, maxSide: number): string | null {
  const { getState, services } = useAppStore()
  const orientation = useApp((state) => state.preprocessing.orientation)
  const [picture, setPicture] = useState<{ image: number; address: string } | null>(null)
  useEffect(() => {
    if (image === null) return
    return untilCleanup(async (signal) => {
      const { bitmap } = await services.gallery.picture(image, maxSide, orientation)
      const canvas = document.createElement('canvas')
      canvas.width = bitmap.width
      canvas.height = bitmap.height
      canvas.getContext('2d')!.drawImage(bitmap, 0, 0)
      bitmap.close()
      if (!signal.aborted) setPicture({ image, address: canvas.toDataURL() })
    }, getState().report)
  }, [image, maxSide, orientation, getState, services])
  return picture?.image === image ? picture.address : null
}
