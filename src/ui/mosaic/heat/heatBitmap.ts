/** @file Draws heat-maps: as a bitmap of few pixels that the page enlarges, or into a larger drawing. */
import type { HeatGrid } from '../../../core/mosaic/heatGrid.ts'
import { type ActivationMap, heatRange, type HeatRaster, heatRaster } from '../../../core/mosaic/heatMap.ts'
import type { Box } from '../../../core/model/receptiveField.ts'
import type { Rect } from '../../../core/preprocessing/fit.ts'

/** The raster of a map with the scale of the map itself. */
export function rasterOf(map: ActivationMap, grid: HeatGrid): HeatRaster {
  return heatRaster(map, grid, heatRange(map))
}

/** The caller closes the bitmap, or hands it over. */
export function bitmapOfRaster({ pixels, width, height }: HeatRaster): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(pixels, width, height))
}

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D

/**
 * Draws a raster over a drawing that shows `box` of the model's input in `place`, and nothing of it outside of `clip`. `heat` is the
 * raster's bitmap.
 */
export function drawHeat(
  context: Context,
  heat: ImageBitmap,
  covers: Box,
  { box, place, clip = place }: { readonly box: Box; readonly place: Rect; readonly clip?: Rect },
): void {
  const [top, left, bottom, right] = box
  const scaleX = place.width / (right - left)
  const scaleY = place.height / (bottom - top)
  context.save()
  context.beginPath()
  context.rect(clip.left, clip.top, clip.width, clip.height)
  context.clip()
  // Each unit is one colour, up to the edges of its cell.
  context.imageSmoothingEnabled = false
  context.drawImage(
    heat,
    place.left + (covers[1] - left) * scaleX,
    place.top + (covers[0] - top) * scaleY,
    (covers[3] - covers[1]) * scaleX,
    (covers[2] - covers[0]) * scaleY,
  )
  context.restore()
}

/** Takes the colour out of a drawing, as `filter: grayscale` does on the page, so that the heat-map is its only colour. */
export function greyOut(context: Context): void {
  context.save()
  context.globalCompositeOperation = 'saturation'
  context.fillStyle = '#808080'
  context.fillRect(0, 0, context.canvas.width, context.canvas.height)
  context.restore()
}
