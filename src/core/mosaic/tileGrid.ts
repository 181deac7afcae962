/** @file How many tiles stand side by side, and how large they are: they take the width, and where all fit the height. */

export interface TileRoom {
  /** Of the grid, in CSS pixels. */
  readonly width: number
  readonly height: number
  readonly tiles: number
  /** Of a mosaic, as chosen: the least. */
  readonly extent: number
  /** What a tile takes beside its mosaic, across and down, and between two. */
  readonly frame: number
  readonly caption: number
  readonly gap: number
}

export interface TileGrid {
  /** 0 while the width is not known. */
  readonly columns: number
  /** Of a mosaic. */
  readonly extent: number
  /** From one column to the next. */
  readonly pitch: number
}

/** A few tiles grow up to so many times the chosen size. */
const mostGrowth = 2

export function tileGrid(room: TileRoom): TileGrid {
  const { width, height, tiles, extent, frame, caption, gap } = room
  if (width <= 0) return { columns: 0, extent, pitch: extent + frame + gap }
  /** The mosaic where so many columns take the width. */
  const extentOf = (columns: number): number =>
    Math.max(1, Math.floor((width - (columns - 1) * gap) / columns) - frame)
  const most = Math.max(1, Math.floor((width + gap) / (extent + frame + gap)))
  let columns = most
  let size = extentOf(most)
  // Fewer and larger ones, as long as nothing has to be scrolled.
  for (let fewer = Math.min(most, tiles); fewer > 0; fewer--) {
    const larger = Math.min(extentOf(fewer), extent * mostGrowth)
    const rows = Math.ceil(tiles / fewer)
    if (rows * (larger + frame + caption + gap) - gap > height) break
    if (larger > size) [columns, size] = [fewer, larger]
  }
  return { columns, extent: size, pitch: size + frame + gap }
}
