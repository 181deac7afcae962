/** @file How the readers of all formats refuse an option of a layer that they do not know, or a value of it. */
import { clauseError } from '../errors.ts'
import { shownValue } from '../shownValue.ts'

export function refuseOption(layer: string, className: string, option: string, value: unknown): never {
  throw clauseError('model/unsupported-option', { layer, className, option, value: shownValue(value) })
}
