/**
 * @file A project for a link: all that is open, as a folder of files that any host can serve. A person who follows the
 * link has model, images and settings at once.
 */
import { appError } from '../../core/errors.ts'
import { selectImages } from '../../core/images/selection.ts'
import { indexText, projectText } from '../../core/project/projectText.ts'
import type { FileHandle } from '../../engine/images/imageHandle.ts'
import type { AppState, Services } from '../appState.ts'
import { savedName } from './savedName.ts'

/** A file of the project's folder. */
export interface ProjectPart {
  /** The path with `/`, from the top of the folder. */
  readonly name: string
  readonly input: Blob | string
}

/** A project that can be written. */
export interface ProjectPlan {
  /** The name of the folder and of its project file, without ending. */
  readonly name: string
  readonly images: number
  /** Makes the files one after the other, so that a large set needs no memory. */
  parts(signal: AbortSignal, onImage: (done: number) => void): AsyncGenerator<ProjectPart>
}

const imagesFolder = 'images'

/** `zip` packs the files of a model into one. Throws if what is open cannot become a project. */
export function planProject(
  state: AppState,
  { gallery }: Services,
  wanted: string,
  zip: (files: readonly ProjectPart[]) => Promise<Blob>,
): ProjectPlan {
  const { model, images, selection, preprocessing, k, layer, inputSize } = state
  if (!model || !images) throw appError('project/nothing-open')
  const name = fileNameOf(wanted)
  const { table } = images
  // Only the chosen splits are written: an index of class and path knows no splits.
  const numbers = selectImages(table, { ...selection, classes: null, sample: 'all' })
  const folder = table.paths.some((path) => !path.includes('/')) ? `${fileNameOf(images.name)}/` : ''
  const pathOf = (image: number): string => folder + table.paths[image]!
  const { files } = model.source
  const single = files.length === 1 ? fileNameOf(files[0]!.file.name) : 'model.zip'

  const index = (): string =>
    indexText(
      Array.from(numbers, (image) => ({
        className: table.classNames[table.classOf[image]!] ?? null,
        path: pathOf(image),
      })),
    )
  const project = projectText({
    name: wanted,
    model: single,
    images: `${imagesFolder}/index.tsv`,
    inputSize,
    preprocessing,
    classes: selection.classes,
    sample: selection.sample,
    layers: layer === null ? [] : [layer],
    k,
    autorun: true,
  })
  return {
    name,
    images: numbers.length,
    async *parts(signal, onImage) {
      const file = `${name}.urpatch-project.json`
      yield { name: file, input: project }
      yield { name: 'README.txt', input: readme(name, file) }
      yield {
        name: single,
        input:
          files.length === 1
            ? files[0]!.file
            : await zip(files.map(({ path, file: input }) => ({ name: path, input }))),
      }
      yield { name: `${imagesFolder}/index.tsv`, input: index() }
      let done = 0
      for (const image of numbers) {
        signal.throwIfAborted()
        const handle = await images.handleOf(image)
        if (typeof handle === 'object' && 'kind' in handle && handle.kind === 'raw')
          throw appError('project/raw-images', { images: images.name })
        const input = handle instanceof Blob ? handle : await gallery.remote.readImage(handle as FileHandle)
        yield { name: `${imagesFolder}/${pathOf(image)}`, input }
        onImage(++done)
      }
    },
  }
}

function readme(name: string, file: string): string {
  return `Put this folder, called ${name}, beside Urpatch's index.html on your web server (any static host will do).
The link is https://YOUR.HOST/PATH/?project=${encodeURIComponent(name)}/${encodeURIComponent(file)}
To try it on your own machine: put it into dist/ of the source of Urpatch, which "npm start" has built and serves.
`
}

/** A name for files and folders that is safe on every system. */
function fileNameOf(text: string): string {
  const name = text
    .trim()
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[.-]+|-+$/g, '')
  return savedName(name || 'project')
}
