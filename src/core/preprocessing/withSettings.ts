/** @file Reads preprocessing settings as people write them: on the command line, in project files, in results files. */
import { appError } from '../errors.ts'
import { notebookPreprocessing, type Preprocessing } from './preprocessing.ts'
import { presets } from './presets.ts'
import { shownValue } from '../shownValue.ts'
import { numberCounts, preprocessingSettings, type Setting } from './settings.ts'

/**
 * Makes a `Preprocessing` of settings by name. Numbers and lists of numbers may be text (`mean=0.485,0.456,0.406`).
 * `preset` is applied first, the others on top of it. Throws `setting/unknown`.
 */
export function withSettings(settings: Readonly<Record<string, unknown>>): Preprocessing {
  const { preset = 'notebook', ...others } = settings
  const base = presets.find(({ id }) => id === preset)
  if (!base) throw refused('preset', preset, presets.map(({ id }) => id).join(', '))
  const read = Object.entries(others).map(([id, value]) => {
    if (!Object.hasOwn(preprocessingSettings, id)) throw refused(id, value, settingNames.join(', '))
    const setting: Setting = preprocessingSettings[id as keyof Preprocessing]
    const accepted = readSetting(setting, value)
    if (accepted === undefined) throw refused(id, value, allowedFor(setting))
    return [id, accepted]
  })
  return { ...notebookPreprocessing, ...base.settings, ...Object.fromEntries(read) }
}

/** Every name that `withSettings` takes. */
export const settingNames: readonly string[] = [...Object.keys(preprocessingSettings), 'preset']

/** The allowed values of a setting, in words for the command line's help and for errors. */
export function allowedFor(setting: Setting): string {
  if (setting.kind === 'choice') return setting.choices.map(({ value }) => value).join(', ')
  if (setting.kind === 'number') return `a number above ${setting.above}, up to ${setting.max}`
  const numbers = '1, 3 or 4 numbers, such as 0.485,0.456,0.406, or none'
  return setting.zero ? numbers : `${numbers}; not 0`
}

function refused(setting: string, value: unknown, allowed: string): Error {
  return appError('setting/unknown', {
    setting,
    value: inWords(value),
    allowed,
  })
}

function inWords(value: unknown): string {
  if (Array.isArray(value) && value.length <= Math.max(...numberCounts)) return value.map(inWords).join(',')
  return typeof value === 'object' ? shownValue(value) : String(value)
}

/** The value as a `Preprocessing` holds it, or undefined if it is not allowed. */
function readSetting(setting: Setting, value: unknown): string | number | readonly number[] | undefined {
  if (setting.kind === 'choice') return setting.choices.find((choice) => choice.value === value)?.value
  if (setting.kind === 'number') {
    const number = readNumber(value)
    return number > setting.above && number <= setting.max ? number : undefined
  }
  const numbers = readNumbers(value)
  const allowed =
    numberCounts.includes(numbers.length) &&
    numbers.every((number) => Number.isFinite(number) && (setting.zero || number !== 0))
  return allowed ? numbers : undefined
}

function readNumbers(value: unknown): number[] {
  if (Array.isArray(value)) return value.map(readNumber)
  if (typeof value !== 'string') return [readNumber(value)]
  return value.trim() === '' ? [] : value.split(',').map(readNumber)
}

/** NaN if the value is neither a number nor the text of one. */
function readNumber(value: unknown): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
}
