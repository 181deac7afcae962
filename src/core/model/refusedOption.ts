/** @file How the readers of all formats refuse an option of a layer that they do not know, or a value of it. */
import { clauseError } from '../errors.ts'

/** Longer values are cut. */
const mostLetters = 60

export function refuseOption(layer: string, className: string, option: string, value: unknown): never {
  const text = JSON.stringify(value) ?? 'nothing'
  const shown = text.length > mostLetters ? `${text.slice(0, mostLetters - 3)}…` : text
  throw clauseError('model/unsupported-option', { layer, className, option, value: shown })
}
