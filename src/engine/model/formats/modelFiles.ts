/**
 * @file The dropped files as a set that formats search by content: archives are opened, junk that systems add is left
 * out, and JSON is parsed.
 */
import { messageOf } from '../../../core/errors.ts'
import { isHdf5 } from './h5File.ts'
import { readZip } from '../../archives/zip.ts'
import { isZip } from '../../archives/zipDirectory.ts'

/** A file with its path in the dropped folder, or its name. */
export interface ModelFile {
  readonly path: string
  readonly file: File
}

/** A file that formats look at. */
export interface Candidate {
  /** With `/`, from the top of the folder or archive. */
  readonly path: string
  /** What the user has dropped and sees: the archive that it lies in, or the file itself. */
  readonly label: string
  readonly blob: Blob
  /** First bytes. */
  readonly head: Uint8Array
  readonly isHdf5: boolean
  /** What the text says, where it is JSON; undefined elsewhere. */
  readonly json: unknown
  /** Why something that begins as JSON is none. */
  readonly jsonProblem: string | null
}

export type ModelFiles = readonly Candidate[]

const headBytes = 4096
/** Archives within archives: a `.keras` in a zip. */
const deepest = 3
/** The architecture of the largest networks takes some megabytes. */
const largestJson = 256e6

const junk = /(^|\/)(__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i

/** Shallow files first, then by path. Throws `model/damaged`. */
export async function readModelFiles(files: readonly ModelFile[]): Promise<ModelFiles> {
  const candidates: Candidate[] = []
  for (const { path, file } of files) await collect(candidates, path, file.name, file, 0)
  const depth = ({ path }: Candidate): number => path.split('/').length
  return candidates.toSorted((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1))
}

async function collect(
  into: Candidate[],
  path: string,
  label: string,
  blob: Blob,
  depth: number,
): Promise<void> {
  if (junk.test(path)) return
  const head = new Uint8Array(await blob.slice(0, headBytes).arrayBuffer())
  if (isZip(head) && depth < deepest) {
    const entries = await readZip(blob, label)
    if (!isTorch(entries.map((entry) => entry.path))) {
      for (const entry of entries)
        if (!junk.test(entry.path)) await collect(into, entry.path, label, await entry.blob(), depth + 1)
      return
    }
  }
  into.push({ path, label, blob, head, isHdf5: await isHdf5(blob), ...(await parsed(blob, head)) })
}

/** PyTorch's files are archives too, and are told as a whole. */
function isTorch(paths: readonly string[]): boolean {
  return paths.some((path) => /(^|\/)(data\.pkl|constants\.pkl)$/.test(path))
}

async function parsed(blob: Blob, head: Uint8Array): Promise<Pick<Candidate, 'json' | 'jsonProblem'>> {
  // A byte order mark may come first.
  const looksLikeJson = /^(\u00EF\u00BB\u00BF)?\s*[{[]/.test(String.fromCharCode(...head))
  if (!looksLikeJson || blob.size > largestJson) return { json: undefined, jsonProblem: null }
  try {
    return { json: JSON.parse((await blob.text()).replace(/^\uFEFF/, '')), jsonProblem: null }
  } catch (error) {
    return { json: undefined, jsonProblem: messageOf(error) }
  }
}

/** With its `/`; empty at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
