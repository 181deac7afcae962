/** @file How many of the chosen images a layer has seen. */
import type { ImageTable } from '../../core/images/imageTable.ts'
import { selectImages, type Selection, type Sample } from '../../core/images/selection.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'

/** Which images the results of a layer come from. */
export interface Coverage {
  readonly images: ImageMask
  readonly sample: Sample
}

/** The open images, which of them are chosen, and which of them each layer has seen. */
export interface Chosen {
  readonly images: { readonly table: ImageTable } | null
  readonly coverage: ReadonlyMap<string, Coverage>
  readonly selection: Selection
}

export interface Covered {
  /** The number of chosen images that the layer has seen. */
  readonly done: number
  readonly chosen: number
  /** The number of images that it has seen though they are not chosen now: those of another sample. */
  readonly others: number
}

/** The choices made, by selection, which is a new object whenever it changes: a choice of a million images is made once. */
const choices = new WeakMap<Selection, { readonly table: ImageTable; readonly images: Uint32Array }>()

const everyOne = new WeakMap<Selection, Selection>()

const counted = new WeakMap<
  ImageMask,
  { readonly count: number; readonly of: Uint32Array; readonly done: number }
>()

/** The chosen images in their order. Throws `selection/unknown`. */
export function chosenImages(table: ImageTable, selection: Selection): Uint32Array {
  const known = choices.get(selection)
  if (known?.table === table) return known.images
  const images = selectImages(table, selection)
  choices.set(selection, { table, images })
  return images
}

/** The same classes and splits without a sample. */
export function withoutSample(selection: Selection): Selection {
  if (selection.sample === 'all') return selection
  let whole = everyOne.get(selection)
  if (!whole) everyOne.set(selection, (whole = { ...selection, sample: 'all' }))
  return whole
}

/** Returns null if the layer has no results. */
export function coveredOf({ images, coverage, selection }: Chosen, layer: string | null): Covered | null {
  const mask = layer === null ? undefined : coverage.get(layer)?.images
  if (!images || !mask) return null
  const chosen = chosenImages(images.table, selection)
  // If all images are chosen, they need not be counted one by one.
  const done = chosen.length === images.table.paths.length ? mask.count : countIn(mask, chosen)
  return { done, chosen: chosen.length, others: mask.count - done }
}

/** Whether the layer has seen every chosen image, so that nothing about its channels will change. */
export function isWhole(state: Chosen, layer: string): boolean {
  const covered = coveredOf(state, layer)
  return covered === null || covered.done === covered.chosen
}

function countIn(mask: ImageMask, images: Uint32Array): number {
  const known = counted.get(mask)
  if (known && known.count === mask.count && known.of === images) return known.done
  let done = 0
  for (const image of images) if (mask.has(image)) done++
  counted.set(mask, { count: mask.count, of: images, done })
  return done
}

/** Whether nothing is left: the layer has seen the chosen images and no others, or all that a sample can be taken of. */
export function isDone({ images, coverage, selection }: Chosen, layer: string): boolean {
  const isOf = (wanted: Selection): boolean => {
    const covered = coveredOf({ images, coverage, selection: wanted }, layer)
    return covered !== null && covered.others === 0 && covered.done === covered.chosen
  }
  // After a sample the rest may have been scanned as well.
  return isOf(selection) || isOf(withoutSample(selection))
}

/** The layers that go on together with this one: they have seen the same images. */
export function sharers({ coverage }: Pick<Chosen, 'coverage'>, layer: string): readonly string[] {
  const images = coverage.get(layer)?.images
  if (!images) return [layer]
  return [...coverage.keys()].filter((name) => coverage.get(name)!.images === images)
}
