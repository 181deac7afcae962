/** @file The results of one layer as a snapshot has them, in the numbers of images and classes that are shown. */
import type { Shape } from '../../model/network.ts'
import { unitAt } from '../../model/units.ts'
import type { FoundEntry } from '../../scan/foundEntry.ts'
import { mapSize } from '../../model/units.ts'
import { channelCount } from '../../model/network.ts'
import type { Classes } from '../../scan/classMeans.ts'
import { LayerResult } from '../../scan/layerResult.ts'
import type { LayerSnapshot } from '../../scan/layerSnapshot.ts'
import { classMeans } from '../../scan/statistics/classMeans.ts'
import type { ReadableResult, Shown, Statistic } from '../../scan/statistics/statistic.ts'
import type { Numbering } from '../recordedResult.ts'
import { PlacesOfFile } from './places.ts'
import { placeOf, type SnapshotFile } from './snapshotFile.ts'
import type { SnapshotFacts, StoredImages, StoredLayerFacts } from './snapshotHead.ts'

/** The result of a layer whose snapshot it is. `classes.of` is needed only if it is scanned on. */
export function resultOfLayer(
  { shape, kept }: Pick<StoredLayerFacts, 'shape' | 'kept'>,
  snapshot: LayerSnapshot,
  classes: Classes,
): LayerResult {
  const [rows, columns] = mapSize(shape)
  const hasClasses = (snapshot.statistics[classMeans.id]?.sums ?? null) !== null
  const result = new LayerResult(
    channelCount(shape),
    rows * columns,
    kept,
    hasClasses ? classes : null,
    columns,
  )
  result.restore(snapshot)
  return result
}

/** The classes of a snapshot, of which nothing is scanned. */
export function classesOf({ images: { classNames } }: SnapshotFacts): Classes {
  return { count: classNames.length, of: new Int32Array() }
}

export class SnapshotResult implements ReadableResult {
  readonly facts: StoredLayerFacts
  /** Everything that is known, in the file's own numbers. */
  readonly result: LayerResult
  readonly channels: number
  readonly units: number
  readonly scanned: number
  readonly versions: Uint32Array
  readonly classesOfTop?: (channel: number, k: number) => ReadonlyMap<number, number>
  readonly #shown: Shown

  /**
   * `numbering` goes by the order of the file's images and classes. `version` has to differ from that of the same layer in other
   * numbers.
   */
  constructor(
    facts: StoredLayerFacts,
    result: LayerResult,
    { numbers, classes }: StoredImages,
    numbering: Numbering,
    version: number,
  ) {
    this.facts = facts
    this.result = result
    this.channels = result.channels
    this.units = result.units
    this.scanned = result.scanned
    this.versions = new Uint32Array(result.channels).fill(version)
    const image = (number: number): number => numbering.images[placeOf(numbers, number)]!
    const classNumber = (number: number): number => numbering.classes[number]!
    const entry = entryOf(facts.shape, new PlacesOfFile(facts.places), image)
    this.#shown = { entry, image, classNumber }
    // The images that are open may not have all of them.
    if (numbering.classes.length > 0)
      this.classesOfTop = (channel, k) => {
        const counts = new Map<number, number>()
        for (const one of result.top(channel, k)) {
          const ofFile = classes[placeOf(numbers, one.image)]!
          if (ofFile < 0) continue
          counts.set(classNumber(ofFile), (counts.get(classNumber(ofFile)) ?? 0) + 1)
        }
        return counts
      }
  }

  isDead(channel: number): boolean {
    return this.result.isDead(channel)
  }

  highest(channel: number): number {
    return this.result.highest(channel)
  }

  top(channel: number, k: number): FoundEntry[] {
    return this.result.top(channel, k).map(this.#shown.entry)
  }

  of<Value>(statistic: Statistic<Value>, channel: number): Value | null {
    if (!statistic.counted) return statistic.derive?.(this, channel) ?? null
    const value = this.result.of(statistic, channel)
    return value !== null && statistic.shown ? statistic.shown(value, this.#shown) : value
  }
}

function entryOf(shape: Shape, places: PlacesOfFile, image: (number: number) => number): Shown['entry'] {
  return (entry) => {
    const unit = unitAt(shape, entry.position)
    const seat = places.seat(...unit)
    return {
      ...entry,
      image: image(entry.image),
      place: { unit, box: places.box(...unit), ...(seat ? { seat } : {}) },
    }
  }
}

/** What was read of a snapshot, to be handed from a worker to the page. */
export interface ReadSnapshot extends Pick<SnapshotFile, 'facts' | 'images' | 'scans' | 'layers'> {
  /** In step with the layers. */
  readonly found: readonly Awaited<ReturnType<SnapshotFile['layer']>>[]
}
