/** @file The classes of the images of a results file, as far as their directories tell what the file says. */
import { labelsOfDirectories } from '../images/directoryLabels.ts'
import type { RecordedResults } from './recordedFile.ts'
import { RecordedResult } from './recordedResult.ts'

/**
 * A file has the classes of images only as counts. If the directories of all of them make just these counts, they are the
 * classes; otherwise each image has -1.
 */
export function classesByDirectory({
  paths,
  classNames,
  layers,
}: Pick<RecordedResults, 'paths' | 'classNames' | 'layers'>): Int32Array {
  const numbers = new Map(classNames.map((name, number) => [name, number]))
  const found = Int32Array.from(labelsOfDirectories(paths).classes, (name) => numbers.get(name ?? '') ?? -1)
  const all = { images: Int32Array.from(paths.keys()), classes: Int32Array.from(classNames.keys()) }
  for (const layer of layers) {
    const result = new RecordedResult(layer, all, 0)
    for (let channel = 0; channel < result.channels; channel++) {
      const told = result.classesOfTop?.(channel, Infinity)
      if (!told) continue
      const counts = new Map<number, number>()
      for (const { image } of result.top(channel, Infinity))
        counts.set(found[image]!, (counts.get(found[image]!) ?? 0) + 1)
      if (counts.size !== told.size || [...told].some(([name, count]) => counts.get(name) !== count))
        return found.fill(-1)
    }
  }
  return found
}
