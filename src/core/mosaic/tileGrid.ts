/**
 * @file Chooses the number and the size of the tiles side by side: they fill the grid's width and, if all of them fit on
 * the screen, its height.
 */

export interface TileRoom {
  /** Width and height of the grid, in CSS pixels. */
  readonly width: number
  readonly height: number
  readonly tiles: number
  /** The chosen size of a mosaic; it may grow, but not shrink. */
  readonly extent: number
  /** What a tile takes around its mosaic. */
  readonly frame: number
  /** What a tile takes below its mosaic. */
  readonly caption: number
  /** The distance between two tiles. */
  readonly gap: number
}

export interface TileGrid {
  /** 0 while the width is not known. */
  readonly columns: number
  /** The size of a mosaic. */
  readonly extent: number
  /** The distance from one column to the next. */
  readonly pitch: number
}

/** If there are few tiles, they grow up to this many times the chosen size. */
const mostGrowth = 2

export function tileGrid(room: TileRoom): TileGrid {
  const { width, height, tiles, extent, frame, caption, gap } = room
  if (width <= 0) return { columns: 0, extent, pitch: extent + frame + gap }
  /** The size of a mosaic if this many columns share the width. */
  const extentOf = (columns: number): number =>
    Math.max(1, Math.floor((width - (columns - 1) * gap) / columns) - frame)
  const most = Math.max(1, Math.floor((width + gap) / (extent + frame + gap)))
  let columns = most
  let size = extentOf(most)
  // Fewer columns make larger tiles; they are taken as long as nothing has to be scrolled.
  for (let fewer = Math.min(most, tiles); fewer > 0; fewer--) {
    const larger = Math.min(extentOf(fewer), extent * mostGrowth)
    const rows = Math.ceil(tiles / fewer)
    if (rows * (larger + frame + caption + gap) - gap > height) break
    if (larger > size) [columns, size] = [fewer, larger]
  }
  return { columns, extent: size, pitch: size + frame + gap }
}
