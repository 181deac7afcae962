/**
 * @file Makes the table of a folder's images, in a worker: sorting a million paths and matching as many lines of an
 * index would block the page for seconds.
 */
import { appError, finished, sentence } from '../../core/errors.ts'
import { looksLikeImage } from '../../core/images/fileKinds.ts'
import { type ClassesFrom, planOfFolder, type TablePlan } from '../../core/images/imageTable.ts'
import { type IndexChoices, planOfIndex } from '../../core/images/indexTable.ts'
import type { ImageHandle, RawImage } from '../images/imageHandle.ts'
import { readHandle } from '../images/readHandle.ts'
import { readIndex } from './readIndex.ts'

export interface IndexFile {
  readonly name: string
  readonly handle: Exclude<ImageHandle, RawImage>
}

export interface TableRequest {
  /** Paths of the images, joined by NUL, in pieces. No two are equal. */
  readonly paths: readonly string[]
  /** Either the first of these files that names images is the index; or this one is, and must name images. */
  readonly index: { readonly oneOf: readonly IndexFile[] } | (IndexChoices & { readonly file: IndexFile })
  /** Where classes come from if there is no index. */
  readonly classesFrom: Exclude<ClassesFrom, 'index'>
}

export interface TableAnswer {
  readonly plan: TablePlan
  /** The first lines of the index; empty if there is none. */
  readonly preview: readonly (readonly string[])[]
  /** Sentences about an index that looks like one and is not used, or that contradicts itself. */
  readonly remarks: readonly string[]
}

const previewRows = 5

/** Throws `images/index-empty`, and `images/index-unreadable` if an index cannot be read. */
export async function makeTable({ paths: pieces, index, classesFrom }: TableRequest): Promise<TableAnswer> {
  const paths = pieces.flatMap((piece) => piece.split('\0'))
  const remarks: string[] = []
  const answer = async ({ name, handle }: IndexFile, choices: IndexChoices): Promise<TableAnswer | null> => {
    const rows = await rowsOf(name, handle)
    const plan = planOfIndex(paths, rows, name, choices)
    if (!plan && names(rows)) remarks.push(sentence('images/index-unused', { index: name }))
    return (
      plan && { plan, preview: rows.slice(0, previewRows), remarks: [...remarks, ...contradictions(plan)] }
    )
  }
  if ('file' in index) {
    const made = await answer(index.file, index)
    if (!made) throw appError('images/index-empty', { index: index.file.name })
    return made
  }
  for (const file of index.oneOf) {
    const made = await answer(file, {})
    if (made) return made
  }
  return { plan: planOfFolder(paths, classesFrom), preview: [], remarks }
}

async function rowsOf(name: string, handle: IndexFile['handle']): Promise<string[][]> {
  try {
    return await readIndex(await readHandle(handle))
  } catch (error) {
    throw finished(error, (reason) => appError('images/index-unreadable', { index: name, reason }))
  }
}

/**
 * Whether a file is meant as an index: it names images, or its first line has titles of columns. Other texts do
 * neither.
 */
function names(rows: readonly (readonly string[])[]): boolean {
  const [first = []] = rows
  const isTitles = (cell: string): boolean =>
    /^(file|image|img|path)([-_ ]?(name|path|id|s))?$/i.test(cell.trim())
  return (
    rows
      .slice(0, searchedRows)
      .some((row) => row.some((cell) => !/\s/.test(cell.trim()) && looksLikeImage(cell.trim()))) ||
    (first.length > 1 && first.some(isTitles))
  )
}

const searchedRows = 50

function contradictions({ index }: TablePlan): string[] {
  const [first] = index?.contradicting ?? []
  if (!index || first === undefined) return []
  return [
    sentence('images/index-contradicts', { index: index.name, count: index.contradicting.length, first }),
  ]
}
