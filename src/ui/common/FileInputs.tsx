/** @file The page's file inputs, hidden, and the actions that open them. */
import { createContext, type ReactNode, use, useMemo, useRef } from 'react'
import { folderOfFileList } from '../images/readDrop.ts'
import { useAppStore } from '../useApp.ts'

interface Pickers {
  pickModel(): void
  pickImages(): void
  pickIndex(): void
}

const PickersContext = createContext<Pickers | null>(null)

export function usePickers(): Pickers {
  return use(PickersContext)!
}

export function FileInputs({ children }: { children: ReactNode }) {
  const store = useAppStore()
  const model = useRef<HTMLInputElement>(null)
  const images = useRef<HTMLInputElement>(null)
  const index = useRef<HTMLInputElement>(null)
  const pickers = useMemo(
    () => ({
      pickModel: () => model.current?.click(),
      pickImages: () => images.current?.click(),
      pickIndex: () => index.current?.click(),
    }),
    [],
  )

  /** The list is emptied afterwards, so that choosing the same file again is a change. */
  const taking = (take: (files: FileList) => void) => (event: React.ChangeEvent<HTMLInputElement>) => {
    const { files } = event.target
    if (files && files.length > 0) take(files)
    event.target.value = ''
  }

  return (
    <PickersContext value={pickers}>
      <div className="visually-hidden" aria-hidden>
        <input
          ref={model}
          type="file"
          aria-label="Model file"
          tabIndex={-1}
          multiple
          onChange={taking((files) => void store.getState().openModel([...files]))}
        />
        <input
          ref={images}
          type="file"
          aria-label="Image folder"
          tabIndex={-1}
          multiple
          {...{ webkitdirectory: '' }}
          onChange={taking((files) => {
            const { name, entries } = folderOfFileList(files)
            void store.getState().openImages(name, entries)
          })}
        />
        <input
          ref={index}
          type="file"
          aria-label="Index file"
          tabIndex={-1}
          accept=".txt,.tsv,.csv"
          onChange={taking(
            (files) => void store.getState().setIndex({ name: files[0]!.name, file: files[0]! }),
          )}
        />
      </div>
      {children}
    </PickersContext>
  )
}
