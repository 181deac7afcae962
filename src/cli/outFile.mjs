/** @file Where results go: found out before a scan that may take hours, not after it. */
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'

/**
 * Makes the folder where it is missing. Throws a sentence where no file can be written there.
 * @param {string} out
 */
export function checkOut(out) {
  const stats = statsOf(out)
  if (stats?.isDirectory() || /[/\\]$/.test(out))
    throw new Error(
      `--out is the results file, and ${out} is a folder. Give a name in it: ${path.join(out, 'results.urpatch.json')}`,
    )
  try {
    if (stats) closeSync(openSync(out, 'r+'))
    else {
      makeFolder(path.dirname(path.resolve(out)))
      const trial = `${out}.${process.pid}.part`
      closeSync(openSync(trial, 'wx'))
      rmSync(trial)
    }
  } catch (error) {
    throw new Error(`--out ${out} cannot be written (${reasonOf(error)}).`, { cause: error })
  }
}

/**
 * Level by level: in some file systems, as /proc, Node's recursive `mkdir` never comes back.
 * @param {string} folder
 */
function makeFolder(folder) {
  if (existsSync(folder)) return
  makeFolder(path.dirname(folder))
  mkdirSync(folder)
}

/**
 * Undefined where there is nothing, also where a part of the path is no folder.
 * @param {string} place
 */
export function statsOf(place) {
  try {
    return statSync(place)
  } catch {
    return undefined
  }
}

/** @param {unknown} error without the call and its path, which the sentence names */
export function reasonOf(error) {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/, \w+( '.*)?$/s, '')
}
