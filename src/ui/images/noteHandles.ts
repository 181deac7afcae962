/** @file Notes the file handles by which dropped files can be opened again in a later visit. */
import { noteOrigin } from '../../state/checkpoints/origins.ts'
import type { Drop } from '../../state/images/readDrop.ts'

/** Model and images may have been dropped together. If the browser has no handles, there is nothing to note. */
export async function noteHandles({ models, source, handles }: Drop): Promise<void> {
  const all = await handles
  if (!all) return
  const isOfModel = ({ name }: FileSystemHandle): boolean =>
    models.some(({ path }) => path === name || path.startsWith(`${name}/`))
  const ofModel = all.filter(isOfModel)
  const ofImages = all.filter((handle) => !isOfModel(handle))
  if (ofModel.length > 0)
    for (const { file } of models) noteOrigin(file, { kind: 'handles', handles: ofModel })
  if (source && ofImages.length > 0) noteOrigin(source, { kind: 'handles', handles: ofImages })
}
