/** @file Reopens the model and images of kept results, by the address of a project or by file handles. */
import { messageOf, sentence } from '../../core/errors.ts'
import { mayRead, type Origin, projectOf } from '../../state/checkpoints/origins.ts'
import type { Recent } from '../../state/checkpoints/recent.ts'
import type { AppStore } from '../../state/store.ts'
import { readEntries } from '../../state/images/readDrop.ts'
import { noteHandles } from '../images/noteHandles.ts'
import { entryOfHandle } from './entryOfHandle.ts'

/**
 * To be called in answer to a click, because the browser may ask for permission. It never rejects: problems are shown as
 * notices.
 */
export async function reopen({ getState, services }: AppStore, { key, heads }: Recent): Promise<void> {
  const { want, openProject, openModel, openImages, notify } = getState()
  const { origin, model, images } = heads[0]!
  want(key)
  const project = projectOf(origin)
  if (project !== null) return openProject(project)
  const opened = async (
    of: Origin | null,
    name: string,
    button: 'Open model' | 'Open images',
    open: (handles: readonly FileSystemHandle[]) => Promise<boolean>,
  ): Promise<void> => {
    if (of?.kind !== 'handles') return notify('info', sentence('kept/open-yourself', { name, button }))
    try {
      for (const handle of of.handles)
        if (!(await mayRead(handle))) return notify('warning', sentence('kept/not-allowed', { name, button }))
      await open(of.handles)
    } catch (error) {
      notify('warning', sentence('kept/gone', { name, button, reason: messageOf(error) }))
    }
  }
  const dropOf = async (
    handles: readonly FileSystemHandle[],
  ): Promise<Awaited<ReturnType<typeof readEntries>>> => {
    const drop = await readEntries(handles.map(entryOfHandle), () => services.gallery.remote)
    await noteHandles({ ...drop, handles: Promise.resolve(handles) })
    return drop
  }
  await opened(origin.model, model.name, 'Open model', async (handles) =>
    openModel((await dropOf(handles)).models, { inputSize: model.inputSize }),
  )
  await opened(origin.images, images.name, 'Open images', async (handles) => {
    const { source } = await dropOf(handles)
    return source ? openImages(source, images.index) : false
  })
}
