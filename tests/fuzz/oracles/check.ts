/** @file What must hold of what a parser gives, and of what it says if it refuses a file. */
import { AppError, ClauseError, clauseError } from '../../../src/core/errors.ts'

/** A parser has gone wrong, as the message says. */
export class Wrong extends Error {}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Wrong(what)
}

export function isWhole(value: unknown, least = 0): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least
}

/**
 * Words of programs, which no person can do anything with, and what `reasonOf` puts in their place: a reader has met something that
 * nobody has thought of. Some sentences rightly speak of NaN, or cite HDF5.
 */
const programsWords =
  /its parts do not go together|\bundefined\b|\bNaN\b|\[object |is not iterable|is not a function|not a constructor|Cannot (read|convert|destructure|set|access|mix|create)|DataView|ArrayBuffer|(Type|Range|Syntax|Reference)Error|Invalid (array|typed|string|regular|date|time|code)|call stack|out of (bounds|range)|is not defined|must be a |\bInfinity\b|\bnative code\b/
const wordsOfOurs =
  /HDF5 says “[^”]*”|\bis NaN, not\b|\bNaN or infinite numbers\b|setting \w+=[\w,]*Infinity[\w,]*/g
/** Names of layers and nodes may be long, and are said whole. */
const longestSentence = 5000

/** Says what is wrong with a sentence for the user; null if nothing is. */
export function sentenceProblem(text: string): string | null {
  const word = programsWords.exec(text.replaceAll(wordsOfOurs, ''))
  if (word) return `says “${word[0]}”`
  if (text.length > longestSentence) return `says ${text.length} characters`
  return null
}

/** Says what is wrong with what was thrown; null if it is a sentence for the user, or a clause of one. Sentences may begin with a file, or with one in an archive. */
export function refusalProblem(error: unknown, files: readonly string[] = []): string | null {
  if (!(error instanceof AppError))
    return `throws ${error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : String(error)}`
  const { message } = error
  const told = sentenceProblem(message)
  if (told) return `${told}: ${message}`
  if (error instanceof ClauseError)
    return message.endsWith('.') ? `ends a clause as a sentence: ${message}` : null
  if (!/[.)]$/.test(message)) return `does not end its sentence: ${message}`
  const begins =
    /^["“\d\p{Lu}]/u.test(message) ||
    files.some((file) => message.startsWith(file) || message.includes(` in ${file} `))
  return begins ? null : `does not begin as a sentence: ${message}`
}

/** A reason that the caller would put into a sentence, as a clause; everything else as it is. */
export function asClause(error: unknown): unknown {
  const isReason = error instanceof SyntaxError || (error instanceof Error && error.constructor === Error)
  return isReason ? clauseError('images/unreadable', { reason: error.message }) : error
}
