/** @file Notes the file handles by which dropped files can be opened again in a later visit. */
import type { ModelFile } from '../../engine/model/formats/modelFiles.ts'
import { noteOrigin } from '../../state/checkpoints/origins.ts'
import type { Drop } from '../../state/images/readDrop.ts'

/** Model and images may have been dropped together. If the browser has no handles, there is nothing to note. */
export async function noteHandles({ models, source, handles }: Drop): Promise<void> {
  const all = await handles
  if (!all) return
  const holds = (name: string, paths: readonly string[]): boolean =>
    paths.some((path) => path === name || path.startsWith(`${name}/`))
  const ofImages = all.filter(
    ({ name }) =>
      !holds(
        name,
        models.map(({ path }) => path),
      ),
  )
  const members = models.length > 1 ? await membersOf(models) : []
  const pathsOf = (files: readonly ModelFile[]): string[] =>
    models.filter(({ file }) => files.some((one) => one.file === file)).map(({ path }) => path)
  for (const files of members.length > 1 ? members : [models]) {
    const own = all.filter(({ name }) => holds(name, pathsOf(files)))
    // A folder of several models does not tell which of them it was.
    const isShared = members.filter((other) => own.some(({ name }) => holds(name, pathsOf(other)))).length > 1
    if (own.length > 0 && !isShared)
      for (const { file } of files) noteOrigin(file, { kind: 'handles', handles: own })
  }
  if (source && ofImages.length > 0) noteOrigin(source, { kind: 'handles', handles: ofImages })
}

async function membersOf(models: readonly ModelFile[]): Promise<ModelFile[][]> {
  const { seriesOf } = await import('../../core/compare/checkpointSeries.ts')
  return seriesOf(models)
}
