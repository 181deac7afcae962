/** @file Settings and a guess. Apart from how one is found, which the page loads when it opens a model. */
import type { Preprocessing } from '../preprocessing.ts'

interface Guessed {
  readonly settings: Partial<Preprocessing>
}

/** The settings with those of the guess applied. */
export function withGuess(preprocessing: Preprocessing, { settings }: Guessed): Preprocessing {
  return { ...preprocessing, ...settings }
}

/** Whether the settings already are as the guess says. */
export function followsGuess(preprocessing: Preprocessing, { settings }: Guessed): boolean {
  const names = Object.keys(settings) as (keyof Preprocessing)[]
  return names.every((name) => String(preprocessing[name]) === String(settings[name]))
}
