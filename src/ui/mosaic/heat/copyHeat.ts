/** @file Puts a heat-map on the clipboard: the picture with it, or its numbers. */
import { heatRange } from '../../../core/mosaic/heatMap.ts'
import { framing, seenRect, sourceRect } from '../../../core/preprocessing/fit.ts'
import { heatGridOf } from '../../../state/selectors/heat.ts'
import type { AppStore } from '../../../state/store.ts'
import { bitmapOfRaster, drawHeat, greyOut, rasterOf } from './heatBitmap.ts'
import type { HeatPlace } from './useHeatMap.ts'

/** Pixels of the longer side of a copied picture: small ones are enlarged by a whole factor, large ones are made smaller. */
const [leastSide, mostSide] = [512, 2048]

/** Errors become notices. */
export async function copyHeatImage(store: AppStore, place: HeatPlace): Promise<void> {
  const { getState } = store
  try {
    // Browsers want to hear of a copy at once, and wait for its content.
    const png = heatImage(store, place)
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })])
    getState().notify('info', 'The image with its heat-map is copied as a picture.')
  } catch (error) {
    getState().report(error)
  }
}

/** Writes the rows of the map as lines, with tabs between numbers. Errors become notices. */
export async function copyHeatMap({ getState }: AppStore, place: HeatPlace): Promise<void> {
  try {
    const map = await getState().heatMap(place)
    if (!map) return
    const { rows, columns, values } = map
    const lines = Array.from({ length: rows }, (_, row) =>
      values.subarray(row * columns, (row + 1) * columns).join('\t'),
    )
    await navigator.clipboard.writeText(lines.join('\n'))
    getState().notify('info', `The map is copied as numbers: ${rows} rows of ${columns}, for a table.`)
  } catch (error) {
    getState().report(error)
  }
}

async function heatImage({ getState, services }: AppStore, place: HeatPlace): Promise<Blob> {
  const { model, preprocessing, heat } = getState()
  const grid = heatGridOf(getState(), place.layer)
  const [map, picture] = await Promise.all([
    getState().heatMap(place),
    services.gallery.picture(place.image, mostSide, preprocessing.orientation),
  ])
  const { bitmap } = picture
  const enlarged = Math.max(1, Math.floor(leastSide / Math.max(bitmap.width, bitmap.height)))
  const canvas = new OffscreenCanvas(bitmap.width * enlarged, bitmap.height * enlarged)
  const context = canvas.getContext('2d')!
  context.imageSmoothingEnabled = false
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  if (map && grid && heatRange(map).end > 0) {
    greyOut(context)
    const raster = rasterOf(map, grid)
    const colours = await bitmapOfRaster(raster)
    const frame = framing(model!.network.inputShape, preprocessing)
    const [height, width] = model!.network.inputShape
    const scale = canvas.width / picture.width
    const drawn = (rect: ReturnType<typeof seenRect>): typeof rect => ({
      left: rect.left * scale,
      top: rect.top * scale,
      width: rect.width * scale,
      height: rect.height * scale,
    })
    context.globalAlpha = heat.opacity
    drawHeat(context, colours, raster.box, {
      box: [0, 0, height, width],
      place: drawn(sourceRect([0, 0, height, width], frame, picture)),
      clip: drawn(seenRect(frame, picture)),
    })
    colours.close()
  }
  return canvas.convertToBlob({ type: 'image/png' })
}
