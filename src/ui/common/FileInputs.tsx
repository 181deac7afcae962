/** @file The page's hidden file inputs, and the actions that open them. */
import { createContext, type ReactNode, use, useMemo, useRef, useState } from 'react'
import { openAllResults, sourceOfFileList, takeNoteFiles, takeResults } from '../../state/images/readDrop.ts'
import { useAppStore } from '../useApp.ts'

interface Pickers {
  pickModel(): void
  /** Lets the user choose a folder, or files where the browser cannot choose folders. */
  pickImages(): void
  /** Lets the user choose pictures, archives or dataset files. */
  pickImageFiles(): void
  pickIndex(): void
}

/** Most phones choose files only. */
export const picksFolders = 'webkitdirectory' in HTMLInputElement.prototype

const PickersContext = createContext<Pickers | null>(null)

export function usePickers(): Pickers {
  return use(PickersContext)!
}

export function FileInputs({ children }: { children: ReactNode }) {
  const store = useAppStore()
  const model = useRef<HTMLInputElement>(null)
  const images = useRef<HTMLInputElement>(null)
  const imageFiles = useRef<HTMLInputElement>(null)
  const index = useRef<HTMLInputElement>(null)
  const pickers = useMemo(
    () => ({
      pickModel: () => model.current?.click(),
      pickImages: () => (picksFolders ? images : imageFiles).current?.click(),
      pickImageFiles: () => imageFiles.current?.click(),
      pickIndex: () => index.current?.click(),
    }),
    [],
  )
  // Each choice gets fresh inputs. Without that, choosing the same files again would be no change; and emptying the old
  // input would empty its list, which still holds the files.
  const [choices, setChoices] = useState(0)

  const taking = (take: (files: FileList) => void) => (event: React.ChangeEvent<HTMLInputElement>) => {
    const { files } = event.target
    if (!files || files.length === 0) return
    take(files)
    setChoices((count) => count + 1)
  }
  /** Results and notes files among the chosen ones are opened as such, whichever button was pressed. */
  const opening = (open: (files: readonly File[]) => Promise<unknown>) =>
    taking((files) => {
      const { getState, services } = store
      const take = async (): Promise<void> => {
        const { results, others } = await takeResults([...files], services.gallery.remote)
        const { notes, others: rest } = await takeNoteFiles(others)
        if (results.length > 0) await openAllResults(getState(), results)
        if (rest.length > 0) await open(rest)
        for (const file of notes) await getState().openNotes(file)
      }
      take().catch(getState().report)
    })
  const openImages = (files: FileList | readonly File[]): Promise<unknown> => {
    const { gallery } = store.services
    return store.getState().openImages(sourceOfFileList(files, () => gallery.remote))
  }

  return (
    <PickersContext value={pickers}>
      <div className="visually-hidden" aria-hidden key={choices}>
        <input
          ref={model}
          type="file"
          aria-label="Model file"
          tabIndex={-1}
          multiple
          onChange={opening((files) => store.getState().openModels(files))}
        />
        <input
          ref={images}
          type="file"
          aria-label="Image folder"
          tabIndex={-1}
          multiple
          {...{ webkitdirectory: '' }}
          onChange={taking((files) => void openImages(files))}
        />
        <input
          ref={imageFiles}
          type="file"
          aria-label="Image files"
          tabIndex={-1}
          multiple
          accept="image/*,.zip,.tar,.bin,.gz,.txt,.tsv,.csv,.tif,.tiff,.json"
          onChange={opening(openImages)}
        />
        <input
          ref={index}
          type="file"
          aria-label="Index file"
          tabIndex={-1}
          accept=".txt,.tsv,.csv,.tab,.psv,.lst"
          onChange={taking(
            (files) => void store.getState().setIndex({ name: files[0]!.name, file: files[0]! }),
          )}
        />
      </div>
      {children}
    </PickersContext>
  )
}
