/**
 * @file Projects: a JSON file that names model, images and settings, so that one link opens all
 * (`/?project=<same-origin URL>`). The built-in demo is one.
 */
import { appError, messageOf } from '../core/errors.ts'
import { withSettings } from '../core/images/withSettings.ts'
import { parseSample, type Selection } from '../core/images/selection.ts'
import { checkedK } from '../core/scan/topK.ts'
import type { AppState, Slice } from './appState.ts'
import type { ModelSource } from './enginePool.ts'
import { isInputSize } from './modelSource.ts'
import type { ImageSet, IndexChoice } from './imageSet.ts'
import type { ImageSource } from './imageSource.ts'
import { imagesLeft } from './scanPlan.ts'
import { addressSource } from './sources/addressSource.ts'
import { archiveSource, type Lister, looksLikeArchive } from './sources/archiveSource.ts'

export interface ProjectSlice {
  /** Address of the project that is being loaded. */
  readonly openingProject: string | null
  /** What the built-in demo opened; see `isDemoOpen`. */
  readonly demo: { readonly model: ModelSource; readonly images: ImageSet } | null
  /** Opens model and images of a project and runs it if it says so. Errors become notices. */
  openProject(url: string): Promise<void>
  openDemo(): Promise<void>
}

/** Relative to the page, which may live in any folder of a host. */
const demoProject = 'demo/demo.urpatch-project.json'

interface Project {
  readonly name?: string
  /** A file, or a TensorFlow.js model.json, whose shards lie beside it. */
  readonly model: string
  /** Rows and columns, for a model that leaves them open. */
  readonly inputSize?: readonly [number, number]
  readonly images: string
  readonly preprocessing?: Readonly<Record<string, unknown>>
  /** Which of the images are scanned: classes, splits, and a sample as the command line writes it. */
  readonly classes?: readonly string[]
  readonly splits?: readonly string[]
  readonly sample?: string
  readonly layers?: readonly string[]
  readonly k?: number
  /** Runs it as soon as it is open. */
  readonly autorun?: boolean
  /** What follows the autorun by itself, unless the user does something else: `rest`, the images the sample left out. */
  readonly afterwards?: 'rest'
}

/** Whether model and images on the screen are the demo's. */
export function isDemoOpen({ demo, model, images }: AppState): boolean {
  return demo !== null && model?.source === demo.model && images === demo.images
}

export const createProject: Slice<ProjectSlice> = (set, get, { gallery }) => ({
  openingProject: null,
  demo: null,
  async openProject(url) {
    const base = new URL(url, document.baseURI)
    const name = decodeURIComponent(base.pathname.split('/').at(-1)!)
    set({ openingProject: base.href })
    try {
      if (base.origin !== location.origin)
        throw appError('project/unreachable', { url, reason: 'it lies on another site' })
      const project = await readProject(base)
      const preprocessing = withSettings(project.preprocessing ?? {})
      const k = checkedK(project.k ?? get().k)
      const sample = parseSample(project.sample ?? 'all')
      const [modelOpen, imagesOpen] = await Promise.all([
        fetchModel(new URL(project.model, base)).then((files) =>
          get().openModel(files, { inputSize: project.inputSize ?? null }),
        ),
        imagesOf(project, name, base, gallery).then(({ source, index }) => get().openImages(source, index)),
      ])
      if (!modelOpen || !imagesOpen) return
      set({ preprocessing, k })
      const selection = { classes: project.classes ?? null, splits: project.splits ?? null, sample }
      get().setSelection(selection)
      showFirst(get(), project.layers)
      const { model, images } = get()
      const isDemo = base.href === new URL(demoProject, document.baseURI).href
      set({ openingProject: null, demo: isDemo ? { model: model!.source, images: images! } : null })
      if (!project.autorun) return
      // After a reload in the middle it goes on where it was.
      await get().findScan()
      if (!(await get().resumeScan())) await get().run(project.layers)
      if (project.afterwards === 'rest') await runRest(get(), selection)
    } catch (error) {
      get().report(error)
    } finally {
      if (get().openingProject === base.href) set({ openingProject: null })
    }
  },
  openDemo: () => get().openProject(demoProject),
})

/** The link's layer stays; otherwise the project's first. */
function showFirst(state: AppState, layers: readonly string[] | undefined): void {
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
  const text = await (await fetchOk(url)).text()
  const invalid = (reason: string): Error => appError('project/invalid', { url: url.pathname, reason })
  let project: unknown
  try {
    project = JSON.parse(text)
  } catch (error) {
    throw invalid(messageOf(error))
  }
  const { model, images, inputSize, afterwards } = (project ?? {}) as Partial<Project>
  if (typeof model !== 'string' || typeof images !== 'string') throw invalid('it names no model or no images')
  if (inputSize !== undefined && !isInputSize(inputSize))
    throw invalid(`its inputSize is ${JSON.stringify(inputSize)}, not [rows, columns]`)
  if (afterwards !== undefined && afterwards !== 'rest')
    throw invalid(`its "afterwards" is ${JSON.stringify(afterwards)}; "rest" is the only one there is`)
  return project as Project
}

async function fetchFile(url: URL): Promise<File> {
  const blob = await (await fetchOk(url)).blob()
  return new File([blob], decodeURIComponent(url.pathname.split('/').at(-1)!))
}

/** With the shards that a manifest names, as files beside it. */
async function fetchModel(url: URL): Promise<File[]> {
  const file = await fetchFile(url)
  if (!/\.json$/i.test(url.pathname)) return [file]
  return [
    file,
    ...(await Promise.all(shardsOf(await file.text()).map((path) => fetchFile(new URL(path, url))))),
  ]
}

function shardsOf(text: string): string[] {
  try {
    const { weightsManifest } = JSON.parse(text) as { weightsManifest: { paths: string[] }[] }
    return weightsManifest.flatMap(({ paths }) => paths)
  } catch {
    // What is wrong with the file is told when it is opened.
    return []
  }
}

/** Every fetch stays on the app's own origin. */
async function fetchOk(url: URL): Promise<Response> {
  const unreachable = (reason: string): Error =>
    appError('project/unreachable', { url: url.pathname, reason })
  if (url.origin !== location.origin) throw unreachable('it lies on another site')
  let response: Response
  try {
    response = await fetch(url)
  } catch (error) {
    throw unreachable(messageOf(error))
  }
  if (!response.ok) throw unreachable(`the server answers ${response.status}`)
  return response
}

/**
 * An archive, whose index lies in it; or an index: a folder on a host cannot be listed, so the index says what is there.
 * `class, file` means the file in the directory of its class, unless the file's name has a directory itself.
 */
async function imagesOf(
  project: Project,
  projectName: string,
  base: URL,
  gallery: { readonly remote: Lister & { readIndex(file: Blob): Promise<string[][]> } },
): Promise<{ source: ImageSource; index: IndexChoice }> {
  const url = new URL(project.images, base)
  const name = project.name ?? projectName
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
