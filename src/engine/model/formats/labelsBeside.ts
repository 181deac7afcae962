/**
 * @file Names of a model's outputs in files beside it, as Hugging Face (`id2label` in config.json), timm (`label_names`) and
 * trainers of their own (labels.txt, a name a line) keep them. Whether they fit is seen where they are used: only as many names as there
 * are outputs say something.
 */
import { baseName } from '../../../core/paths.ts'
import { type Candidate, folderOf, type ModelFiles } from './modelFiles.ts'

/** Thousands of names fit in; larger files are something else. */
const largestList = 1e6

/** Null if no file in the model's folder has any. */
export async function labelsBeside(main: Candidate, files: ModelFiles): Promise<readonly string[] | null> {
  const neighbours = files.filter((file) => file !== main && folderOf(file.path) === folderOf(main.path))
  for (const { json } of neighbours) {
    const labels = labelsOfJson(json)
    if (labels) return labels
  }
  const list = neighbours.find(({ path }) => /^(labels|classes|class_names)\.txt$/i.test(baseName(path)))
  const content = await list?.content()
  if (!content || content.size > largestList) return null
  const lines = (await content.text()).split('\n').map((line) => line.trim())
  const labels = lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
  return labels.length > 0 && !labels.includes('') ? labels : null
}

function labelsOfJson(json: unknown): readonly string[] | null {
  if (typeof json !== 'object' || json === null) return null
  const { id2label, label_names: names } = json as Readonly<Record<string, unknown>>
  if (isNames(names)) return names
  if (typeof id2label !== 'object' || id2label === null) return null
  // The numbers of outputs, of which none may be left out.
  const byNumber = Object.entries(id2label).toSorted(([a], [b]) => Number(a) - Number(b))
  const labels = byNumber.map(([, label]: [string, unknown]) => label)
  return byNumber.every(([key], i) => key === String(i)) && isNames(labels) ? labels : null
}

function isNames(list: unknown): list is readonly string[] {
  return Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === 'string')
}
