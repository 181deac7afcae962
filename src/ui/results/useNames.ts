/** @file The names of shown images and classes, including those that only a results file knows. */
import { shownText } from '../../core/shownText.ts'
import { hasPicture, nameOf, tableOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'

interface Names {
  /** As it is shown; `ImageTable.paths` has it as it is. */
  pathOf(image: number): string
  classNameOf(classNumber: number): string
  /** The name of the image's class; null if it has none or if it is not known. */
  classOf(image: number): string | null
}

export function useNames(): Names {
  const table = useApp(tableOf)
  const recorded = useApp((state) => state.recorded)
  return {
    pathOf: (image) => shownText(nameOf(table?.paths, recorded?.paths, image)),
    classNameOf: (classNumber) => shownText(nameOf(table?.classNames, recorded?.classNames, classNumber)),
    classOf(image) {
      const classNumber = table?.classOf[image] ?? -1
      return classNumber < 0 ? null : (table?.classNames[classNumber] ?? null)
    },
  }
}

/** Returns a function that tells whether an image's picture can be shown. */
export function useHasPicture(): (image: number) => boolean {
  const images = useApp((state) => state.images)
  return (image) => hasPicture({ images }, image)
}
