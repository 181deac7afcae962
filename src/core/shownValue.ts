/** @file A value of a file as a sentence shows it. */

/** Longer values are cut. */
const mostLetters = 60

/** As it is written in JSON; what JSON does not have is `nothing`. */
export function shownValue(value: unknown, most = mostLetters): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > most ? `${text.slice(0, most)}…` : text
}
