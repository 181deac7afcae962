/**
 * @file Readers that check plain data from files. A table of readers says what an object holds. A value that does not
 * fit is reported by its key and a clause. Unknown keys are ignored: a later version may have written them.
 */

import { shownValue } from './shownValue.ts'

/** Says what is wrong (`is no list`) with the value at a key (`layers[0].channels[3].top`). */
export class FieldProblem extends Error {
  readonly problem: string
  readonly #keys: string[] = []

  constructor(problem: string) {
    super(problem)
    this.problem = problem
  }

  within(key: string | number): this {
    this.#keys.unshift(typeof key === 'number' ? `[${key}]` : `.${key}`)
    return this
  }

  get key(): string {
    return this.#keys.join('').replace(/^\./, '')
  }
}

/** Reads a value, which is `undefined` if the key is missing. Throws `FieldProblem`. */
export type Reader<T> = (value: unknown) => T

export type Table = Readonly<Record<string, Reader<unknown>>>
export type ReadBy<T extends Table> = { readonly [K in keyof T]: ReturnType<T[K]> }

/** Larger numbers of bytes, images or pixels are a mistake or an attack. */
const mostWhole = 2 ** 31 - 1

function refused(value: unknown, wanted: string): FieldProblem {
  return new FieldProblem(
    value === undefined ? 'is missing' : `is ${shownValue(value, mostLetters)}, not ${wanted}`,
  )
}

const mostLetters = 40

/** This text and no other. */
export function exactly<T extends string>(wanted: T): Reader<T> {
  return (value) => {
    if (value !== wanted) throw refused(value, `"${wanted}"`)
    return wanted
  }
}

export const text: Reader<string> = (value) => {
  if (typeof value !== 'string') throw refused(value, 'text')
  return value
}

export const finite: Reader<number> = (value) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refused(value, 'a number')
  return value
}

export const whole = (least: number, most = mostWhole): Reader<number> => {
  return (value) => {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
      throw refused(
        value,
        `a whole number from ${least.toLocaleString('en')} to ${most.toLocaleString('en')}`,
      )
    return value as number
  }
}

/** A number of images, or of units in all of them. */
export const count = whole(0, Number.MAX_SAFE_INTEGER)

export const flag: Reader<boolean> = (value) => {
  if (typeof value !== 'boolean') throw refused(value, 'true or false')
  return value
}

/** Null and nothing else. */
export const nothing: Reader<null> = (value) => {
  if (value !== null) throw refused(value, 'null')
  return null
}

/** One of these words. */
export function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  return (value) => {
    if (!words.includes(value as T)) throw refused(value, `one of ${words.join(', ')}`)
    return value as T
  }
}

export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : reader(value))
}

export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : reader(value))
}

export function list<T>(reader: Reader<T>): Reader<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw refused(value, 'a list')
    const read: T[] = []
    for (let i = 0; i < value.length; i++) {
      try {
        read.push(reader(value[i]))
      } catch (error) {
        throw within(error, i)
      }
    }
    return read
  }
}

/** A list of exactly `length` whole numbers. */
export function wholes(length: number, least: number): Reader<number[]> {
  const number = whole(least)
  const numbers = list(number)
  return (value) => {
    if (!Array.isArray(value) || value.length !== length) throw refused(value, `${length} whole numbers`)
    return numbers(value)
  }
}

/** `formerKeys` says under which keys older files have the same. */
export function object<T extends Table>(
  table: T,
  formerKeys: Readonly<Record<string, string>> = {},
): Reader<ReadBy<T>> {
  const entries = Object.entries(table)
  return (value) => {
    const from = plain(value)
    const read: Record<string, unknown> = {}
    for (const [key, reader] of entries) {
      const former = formerKeys[key]
      const isFormer = former !== undefined && !Object.hasOwn(from, key) && Object.hasOwn(from, former)
      const written = isFormer ? former : key
      try {
        read[key] = reader(Object.hasOwn(from, written) ? from[written] : undefined)
      } catch (error) {
        throw within(error, written)
      }
    }
    return read as ReadBy<T>
  }
}

/** An object with any keys. */
export const plain: Reader<Readonly<Record<string, unknown>>> = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(value, 'an object')
  return value as Readonly<Record<string, unknown>>
}

export function within(error: unknown, key: string | number): unknown {
  return error instanceof FieldProblem ? error.within(key) : error
}
