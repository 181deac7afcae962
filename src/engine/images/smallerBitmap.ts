/** @file Makes a picture for the page, no larger than the page can show. */

/** At most `maxSide` pixels wide and high, never enlarged. `bitmap` stays the caller's. */
export function smallerBitmap(picture: ImageBitmap, maxSide: number): Promise<ImageBitmap> {
  const { width, height } = picture
  const scale = Math.min(1, maxSide / Math.max(width, height))
  return createImageBitmap(picture, {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
    resizeQuality: 'high',
  })
}
