/**
 * @file Projects: a JSON file that names model, images and settings, so that one link opens all
 * (`/?project=<same-origin URL>`). The built-in demo is one.
 */
import { appError } from '../../core/errors.ts'
import type { Selection } from '../../core/images/selection.ts'
import type { AppState, Slice, ProjectSlice } from '../appState.ts'
import { noteOrigin, type Origin } from '../checkpoints/origins.ts'
import { imagesLeft, indexOfLayer } from '../scan/scanPlan.ts'
import { fileName, ownAddress } from '../project/ownFiles.ts'
import { demoProject } from '../selectors/openProject.ts'

export const createProject: Slice<ProjectSlice> = (set, get, { gallery }) => ({
  openingProject: null,
  project: null,
  async openProject(link) {
    let opening: string | null = null
    try {
      const base = ownAddress(link, (reason) => appError('project/unreachable', { url: link, reason }))
      opening = base.href
      set({ openingProject: opening })
      const { addressIn, fetchModel, imagesOf, readProject } = await import('../project/projectFiles.ts')
      const project = await readProject(base)
      const { preprocessing, classes, splits, sample, layers } = project
      const modelUrl = addressIn(project, 'model', base)
      const imagesUrl = addressIn(project, 'images', base)
      const origin: Origin = { kind: 'project', url: base.href }
      const [modelOpen, imagesOpen] = await Promise.all([
        fetchModel(modelUrl).then((files) => {
          for (const file of files) noteOrigin(file, origin)
          return get().openModel(files, { inputSize: project.inputSize })
        }),
        imagesOf(project.name ?? fileName(base), imagesUrl, gallery).then(({ source, index }) => {
          noteOrigin(source, origin)
          return get().openImages(source, index)
        }),
      ])
      if (!modelOpen || !imagesOpen) return
      set(project.k === null ? { preprocessing } : { preprocessing, k: project.k })
      const selection = { classes, splits, sample }
      get().setSelection(selection)
      showFirst(get(), layers)
      const { model, images } = get()
      set({
        openingProject: null,
        project: { address: base.href, model: model!.source, images: images! },
      })
      if (!project.autorun) return
      // After a reload in the middle the scan goes on where it was; layers that have results are not scanned again.
      await get().findScan()
      if (!(await get().resumeScan()) && get().results.size === 0) await get().run(layers ?? undefined)
      if (project.afterwards === 'rest') await runRest(get(), selection)
    } catch (error) {
      get().report(error)
    } finally {
      if (get().openingProject === opening) set({ openingProject: null })
    }
  },
  openDemo: () => get().openProject(demoProject),
})

/** Shows the project's first layer, unless a link has chosen one. Throws `model/unknown-layer`. */
function showFirst(state: AppState, layers: readonly string[] | null): void {
  for (const layer of layers ?? []) indexOfLayer(state.model!, layer)
  const [first] = layers ?? []
  if (first !== undefined && !(state.layer !== null && state.channel !== null)) state.showLayer(first)
}

/** Scans the rest, unless the user has stopped the first scan, begun another, or changed the selection. */
async function runRest(state: AppState, selection: Selection): Promise<void> {
  if (state.scan.status !== 'done' || state.selection !== selection) return
  const [layer] = state.scan.progress.layers
  if (layer !== undefined && imagesLeft(state, layer) > 0) await state.runRest(layer)
}
