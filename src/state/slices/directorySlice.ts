/** @file Directories that are remembered for the next visit, in browsers that can store handles of them. */
import { appError, messageOf, sentence } from '../../core/errors.ts'
import type { Slice, DirectorySlice } from '../appState.ts'
import type { ImageSource } from '../images/imageSource.ts'
import { mayRead, noteOrigin } from '../checkpoints/origins.ts'
import { directoryHandleSource } from '../images/sources/directoryHandleSource.ts'

/** It is loaded when it is needed: most visits begin without it. */
const storage = (): Promise<typeof import('../images/rememberedDirectory.ts')> =>
  import('../images/rememberedDirectory.ts')

interface PickingWindow {
  showDirectoryPicker?(options: { id: string }): Promise<FileSystemDirectoryHandle>
  showOpenFilePicker?(options: { id: string; multiple: boolean }): Promise<FileSystemFileHandle[]>
}

export const createDirectory: Slice<DirectorySlice> = (set, get) => ({
  rememberedDirectory: null,
  async recallDirectory() {
    if (!('showDirectoryPicker' in globalThis)) return
    // Private windows may have no storage; then there is nothing to offer.
    const handle = await storage()
      .then(({ rememberedDirectory }) => rememberedDirectory())
      .catch(() => null)
    set({ rememberedDirectory: handle })
  },
  async openDirectory() {
    try {
      const handle = await (globalThis as PickingWindow).showDirectoryPicker!({ id: 'images' })
      if (await get().openImages(sourceOf(handle))) await get().rememberDirectory(handle)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) get().report(error)
    }
  },
  async openModelFiles() {
    try {
      const handles = await (globalThis as PickingWindow).showOpenFilePicker!({ id: 'model', multiple: true })
      const files = await Promise.all(handles.map(fileOf))
      for (const file of files) noteOrigin(file, { kind: 'handles', handles })
      await get().openModel(files)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) get().report(error)
    }
  },
  async openRememberedDirectory() {
    const { rememberedDirectory: handle } = get()
    if (!handle) return
    try {
      if (await mayRead(handle)) await get().openImages(sourceOf(handle))
      else get().notify('info', sentence('images/not-allowed', { folder: handle.name }))
    } catch (error) {
      get().report(error)
    }
  },
  async rememberDirectory(handle) {
    await storage()
      .then(({ rememberDirectory }) => rememberDirectory(handle))
      .then(
        () => set({ rememberedDirectory: handle }),
        () => undefined,
      )
  },
  async forgetDirectory() {
    if (!get().rememberedDirectory) return
    await (await storage()).forgetDirectory()
    set({ rememberedDirectory: null })
  },
})

async function fileOf(handle: FileSystemFileHandle): Promise<File> {
  try {
    return await handle.getFile()
  } catch (error) {
    throw appError('model/unreadable', { file: handle.name, reason: messageOf(error) })
  }
}

function sourceOf(handle: FileSystemDirectoryHandle): ImageSource {
  const source = directoryHandleSource(handle)
  noteOrigin(source, { kind: 'handles', handles: [handle] })
  return source
}
