/** @file A project file and an index of images, as text to be written: what `projectFile` and the gallery read. */
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

/** As `parseSample` reads it. */
export function sampleText(sample: Sample): string {
  if (sample === 'all') return 'all'
  return 'first' in sample ? String(sample.first) : `random:${sample.random}:${sample.seed}`
}

export interface IndexLine {
  /** Null: none. */
  readonly className: string | null
  /** With a `/`, so that it is taken as it is. */
  readonly path: string
}

/** `class TAB path`, or paths alone where no image has a class. */
export function indexText(lines: readonly IndexLine[]): string {
  const withClasses = lines.some(({ className }) => className !== null)
  return lines
    .map(({ className, path }) =>
      withClasses ? `${cell(className ?? '')}\t${cell(path)}\n` : `${cell(path)}\n`,
    )
    .join('')
}

/** Quoted where it has to be. */
function cell(text: string): string {
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
