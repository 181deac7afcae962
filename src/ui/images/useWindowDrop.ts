/** @file Opens files that are dropped anywhere on the page: models, folders, or both at once. */
import { useEffect, useState } from 'react'
import { useAppStore } from '../useApp.ts'
import { noteHandles } from './noteHandles.ts'
import { type Drop, openAllResults, readDrop } from '../../state/images/readDrop.ts'

/** Returns whether files are being dragged over the page. */
export function useWindowDrop(): boolean {
  const store = useAppStore()
  const [dropping, setDropping] = useState(false)
  useEffect(() => {
    const isFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
    const onDragOver = (event: DragEvent): void => {
      if (!isFiles(event)) return
      event.preventDefault()
      setDropping(true)
    }
    const onDragLeave = (event: DragEvent): void => {
      // This event also comes when the pointer moves on to another element of the page; then it is not null.
      if (event.relatedTarget === null) setDropping(false)
    }
    const onDrop = (event: DragEvent): void => {
      setDropping(false)
      if (!isFiles(event)) return
      event.preventDefault()
      const { openModels, openImages, openNotes, rememberDirectory, report } = store.getState()
      const { gallery } = store.services
      const take = async (drop: Drop): Promise<void> => {
        const { models, results, notes, source, handle } = drop
        // Results are opened first, so that opening model and images finds them.
        if (results.length > 0) await openAllResults(store.getState(), results)
        else if (models.length > 0 || source) void noteHandles(drop)
        const openAll = async (): Promise<void> => {
          if (models.length > 0) await openModels(models)
          // One after the other, so that each notice says what its file has brought.
          for (const file of notes) await openNotes(file)
        }
        void openAll()
        if (!source || !(await openImages(source))) return
        const directory = await handle
        if (directory) await rememberDirectory(directory)
      }
      readDrop(event.dataTransfer!, () => gallery.remote)
        .then(take)
        .catch(report)
    }
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('dragleave', onDragLeave)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onDragOver)
      window.removeEventListener('dragleave', onDragLeave)
      window.removeEventListener('drop', onDrop)
    }
  }, [store])
  return dropping
}
