/** @file Writes a project file and an index of images as text, for `projectFile` and the gallery to read. */
import type { Preprocessing } from '../preprocessing/preprocessing.ts'
import type { Sample } from '../images/selection.ts'
import type { Pair } from '../model/network.ts'
import type { Project } from './projectFile.ts'

export interface ProjectToWrite extends Pick<Project, 'model' | 'images' | 'classes' | 'sample' | 'autorun'> {
  readonly name: string
  readonly inputSize: Pair | null
  readonly preprocessing: Preprocessing
  readonly layers: readonly string[]
  readonly k: number
}

export function projectText(project: ProjectToWrite): string {
  const { inputSize, classes, sample, layers, ...rest } = project
  const text = {
    format: 'urpatch-project',
    version: 1,
    ...rest,
    ...(layers.length > 0 && { layers }),
    ...(inputSize && { inputSize }),
    ...(classes && { classes }),
    ...(sample !== 'all' && { sample: sampleText(sample) }),
  }
  return `${JSON.stringify(text, null, 2)}\n`
}

/** Writes a sample as `parseSample` reads it. */
export function sampleText(sample: Sample): string {
  if (sample === 'all') return 'all'
  return 'first' in sample ? String(sample.first) : `random:${sample.random}:${sample.seed}`
}

export interface IndexLine {
  /** Is null if the image has no class. */
  readonly className: string | null
  /** The path contains a `/`, so that it is not looked for in a directory named as the class first. */
  readonly path: string
}

/** Writes lines of class, tab and path; only paths if no image has a class. */
export function indexText(lines: readonly IndexLine[]): string {
  const withClasses = lines.some(({ className }) => className !== null)
  return lines
    .map(({ className, path }) =>
      withClasses ? `${cell(className ?? '')}\t${cell(path)}\n` : `${cell(path)}\n`,
    )
    .join('')
}

/** Quotes a cell if it has to be. */
function cell(text: string): string {
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
