/** @file Where results go: whether they can be written there is checked before a scan that may take hours, not after it. */
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'

/**
 * Makes the folder if it is missing. Throws a sentence if no file can be written there.
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
    throw new Error(`--out ${out} cannot be written (${systemReasonOf(error)}).`, { cause: error })
  }
}

/**
 * Makes a folder and those around it, level by level: in some file systems, as /proc, Node's recursive `mkdir` never
 * comes back.
 * @param {string} folder
 */
function makeFolder(folder) {
  if (existsSync(folder)) return
  makeFolder(path.dirname(folder))
  mkdirSync(folder)
}

/**
 * Undefined if there is nothing, or if a part of the path is no folder.
 * @param {string} place
 */
export function statsOf(place) {
  try {
    return statSync(place)
  } catch {
    return undefined
  }
}

/**
 * Why a call of the file system failed, without the call and its path, which the sentence names.
 * @param {unknown} error
 */
export function systemReasonOf(error) {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/, \w+( '.*)?$/s, '')
}
