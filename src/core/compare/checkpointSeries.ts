/** @file Whether some files are several models, as the checkpoints of a training, rather than the parts of one. */

const collator = new Intl.Collator('en', { numeric: true })

/** In natural order: `epoch-9` comes before `epoch-10`. */
export function naturally(a: string, b: string): number {
  return collator.compare(a, b)
}

const wholeModel = /\.(keras|h5|hdf5|onnx)$/i
/** Weights alone are a model only along with an architecture, which several may share. */
const weightsOnly = /\.weights\.h5$/i
const modelJson = /(^|\/)model[^/]*\.json$/i

/**
 * The models among some files, in natural order of their paths, each with its main file first: every whole file is one, along with the
 * files beside it that are none; so is a folder with a `model.json` and no whole file. A model that has a folder to itself keeps its
 * name in the paths, as it is called by that.
 */
export function seriesOf<F extends { readonly path: string }>(files: readonly F[]): F[][] {
  const named = files.filter(({ path }) => wholeModel.test(path))
  const whole = named.filter(({ path }) => !weightsOnly.test(path))
  const mains = whole.length > 0 ? whole : named
  const folders = new Set(mains.map(({ path }) => folderOf(path)))
  for (const file of files.toSorted((a, b) => a.path.length - b.path.length)) {
    const folder = folderOf(file.path)
    if (!modelJson.test(file.path) || folders.has(folder)) continue
    folders.add(folder)
    mains.push(file)
  }
  return mains
    .toSorted((a, b) => naturally(a.path, b.path))
    .map((main) => {
      const folder = folderOf(main.path)
      const deeper = [...folders].filter((other) => other !== folder && other.startsWith(folder))
      const beside = files.filter(
        ({ path }) =>
          path.startsWith(folder) &&
          !mains.some((one) => one.path === path) &&
          !deeper.some((other) => path.startsWith(other)),
      )
      const isAlone = mains.every((one) => one === main || !one.path.startsWith(folder))
      const from = isAlone ? folder.lastIndexOf('/', folder.length - 2) + 1 : folder.length
      return [main, ...beside].map((file) => ({ ...file, path: file.path.slice(from) }))
    })
}

/** With a `/` at its end; empty at the top. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
