/** @file Models and folders can be dropped anywhere on the page, both at once too. */
import { useEffect, useState } from 'react'
import { useAppStore } from '../useApp.ts'
import { noteHandles } from './noteHandles.ts'
import { type Drop, openAllResults, readDrop } from '../../state/images/readDrop.ts'

/** Whether something is held over the page. */
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
      // Leaving an element for another one inside the page is no leaving.
      if (event.relatedTarget === null) setDropping(false)
    }
    const onDrop = (event: DragEvent): void => {
      setDropping(false)
      if (!isFiles(event)) return
      event.preventDefault()
      const { openModel, openImages, rememberDirectory, report } = store.getState()
      const { gallery } = store.services
      const take = async (drop: Drop): Promise<void> => {
        const { models, results, source, handle } = drop
        // First, so that model and images find it open.
        if (results.length > 0) await openAllResults(store.getState(), results)
        else void noteHandles(drop)
        if (models.length > 0) void openModel(models)
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
