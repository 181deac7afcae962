/** @file The names of images and classes that are shown, also of those that only a results file knows. */
import { hasPicture, nameOf, tableOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'

interface Names {
  pathOf(image: number): string
  classNameOf(classNumber: number): string
  /** Null where it has none, or nobody knows. */
  classOf(image: number): string | null
}

export function useNames(): Names {
  const table = useApp(tableOf)
  const recorded = useApp((state) => state.recorded)
  return {
    pathOf: (image) => nameOf(table?.paths, recorded?.paths, image),
    classNameOf: (classNumber) => nameOf(table?.classNames, recorded?.classNames, classNumber),
    classOf(image) {
      const classNumber = table?.classOf[image] ?? -1
      return classNumber < 0 ? null : (table?.classNames[classNumber] ?? null)
    },
  }
}

/** Whether there is a picture of an image to be shown. */
export function useHasPicture(): (image: number) => boolean {
  const images = useApp((state) => state.images)
  return (image) => hasPicture({ images }, image)
}
