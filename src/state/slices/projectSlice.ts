/**
 * @file Projects: a JSON file that names model, images and settings, so that one link opens all
 * (`/?project=<same-origin URL>`). The built-in demo is one.
 */
import { AppError, appError, messageOf } from '../../core/errors.ts'
import type { Selection } from '../../core/images/selection.ts'
import { type Project, readProjectFile } from '../../core/project/projectFile.ts'
import type { AppState, Slice } from '../appState.ts'
import type { ModelSource } from '../workers/enginePool.ts'
import type { ImageSet, IndexChoice } from '../images/imageSet.ts'
import type { ImageSource } from '../images/imageSource.ts'
import { noteOrigin, type Origin } from '../checkpoints/origins.ts'
import { imagesLeft, indexOfLayer } from '../scan/scanPlan.ts'
import { fetchOwn, fileName } from '../project/ownFiles.ts'
import { addressSource } from '../images/sources/addressSource.ts'
import { archiveSource, type Lister, looksLikeArchive } from '../images/sources/archiveSource.ts'

export interface ProjectSlice {
  /** Address of the project that is being loaded. */
  readonly openingProject: string | null
  /** The latest that was opened, and what it opened; see `openProjectOf`. */
  readonly project: {
    readonly address: string
    readonly model: ModelSource
    readonly images: ImageSet
  } | null
  /** Opens model and images of a project and runs it if it says so. Errors become notices. */
  openProject(url: string): Promise<void>
  openDemo(): Promise<void>
}

/** Relative to the page, which may live in any folder of a host. */
const demoProject = 'demo/demo.urpatch-project.json'

/** Address of the project whose model and images are on the screen. */
export function openProjectOf({ project, model, images }: AppState): string | null {
  return project !== null && model?.source === project.model && images === project.images
    ? project.address
    : null
}

/** Whether model and images on the screen are the demo's. */
export function isDemoOpen(state: AppState): boolean {
  const address = openProjectOf(state)
  return address !== null && address === new URL(demoProject, document.baseURI).href
}

export const createProject: Slice<ProjectSlice> = (set, get, { gallery }) => ({
  openingProject: null,
  project: null,
  async openProject(link) {
    let opening: string | null = null
    try {
      const base = ownAddress(link)
      opening = base.href
      set({ openingProject: opening })
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
      // After a reload in the middle it goes on where it was; what is there already is not scanned again.
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

/** The link's layer stays; otherwise the project's first. Throws `model/unknown-layer`. */
function showFirst(state: AppState, layers: readonly string[] | null): void {
  for (const layer of layers ?? []) indexOfLayer(state.model!, layer)
  const [first] = layers ?? []
  if (first !== undefined && !(state.layer !== null && state.channel !== null)) state.showLayer(first)
}

/** Unless the user has stopped the first scan, begun another, or changed what is to be scanned. */
async function runRest(state: AppState, selection: Selection): Promise<void> {
  if (state.scan.status !== 'done' || state.selection !== selection) return
  const [layer] = state.scan.progress.layers
  if (layer !== undefined && imagesLeft(state, layer) > 0) await state.runRest(layer)
}

async function readProject(url: URL): Promise<Project> {
  const text = await (
    await fetchOwn(url, (reason) => appError('project/unreachable', { url: url.pathname, reason }))
  ).text()
  const invalid = (reason: string): Error => appError('project/invalid', { url: url.pathname, reason })
  try {
    return readProjectFile(JSON.parse(text))
  } catch (error) {
    if (error instanceof AppError) throw error
    throw invalid(error instanceof SyntaxError ? `it is no JSON (${error.message})` : messageOf(error))
  }
}

/** Every file of a project lies on the app's own origin. */
function ownAddress(link: string): URL {
  const unreachable = (reason: string): Error => appError('project/unreachable', { url: link, reason })
  if (!URL.canParse(link, document.baseURI)) throw unreachable('that is no address')
  const url = new URL(link, document.baseURI)
  if (url.origin !== location.origin) throw unreachable('it lies on another site')
  return url
}

function addressIn(project: Project, key: 'model' | 'images', base: URL): URL {
  const link = project[key]
  if (URL.canParse(link, base)) return new URL(link, base)
  const reason = `its "${key}" is "${link}", which is no address`
  throw appError('project/invalid', { url: base.pathname, reason })
}

async function fetchFile(url: URL): Promise<File> {
  return new File(
    [await fetchOwn(url, (reason) => appError('project/file-unreachable', { file: url.pathname, reason }))],
    fileName(url),
  )
}

/** With the shards that a manifest names, as files beside it. */
async function fetchModel(url: URL): Promise<File[]> {
  const file = await fetchFile(url)
  if (!/\.json$/i.test(url.pathname)) return [file]
  return [file, ...(await Promise.all(shardsOf(await file.text(), url).map(fetchFile)))]
}

function shardsOf(text: string, url: URL): URL[] {
  try {
    const { weightsManifest } = JSON.parse(text) as { weightsManifest: { paths: string[] }[] }
    return weightsManifest.flatMap(({ paths }) => paths.map((path) => new URL(path, url)))
  } catch {
    // What is wrong with the file is told when it is opened.
    return []
  }
}

/**
 * An archive, whose index lies in it; or an index: a folder on a host cannot be listed, so the index says what is there.
 * `class, file` means the file in the directory of its class, unless the file's name has a directory itself.
 */
async function imagesOf(
  name: string,
  url: URL,
  gallery: { readonly remote: Lister & { readIndex(file: Blob): Promise<string[][]> } },
): Promise<{ source: ImageSource; index: IndexChoice }> {
  const file = await fetchFile(url)
  if (looksLikeArchive(file.name))
    return { source: archiveSource(file, name, () => gallery.remote), index: 'auto' }
  const rows = await gallery.remote.readIndex(file)
  const paths = rows.map((row) => {
    const [first = '', second] = row
    return second === undefined || second.includes('/') ? (second ?? first) : `${first}/${second}`
  })
  return { source: addressSource(name, paths, url), index: { name: file.name, file } }
}
