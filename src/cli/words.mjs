/** @file How a command ends that has failed: with one sentence on stderr, and an exit code. */
import { stripVTControlCharacters } from 'node:util'

/**
 * The message of an error. What the page throws has playwright's words before it, and behind it the page's stack or a
 * log of calls.
 * @param {unknown} error
 */
export function wordsOf(error) {
  const text = error instanceof Error ? error.message : String(error)
  return stripVTControlCharacters(text)
    .replace(/^\w+\.\w+: (\w*Error: )?/, '')
    .replace(/\n(\s+at |Call log:)[\s\S]*$/, '')
}

/** @param {() => Promise<void>} command */
export async function endInWords(command) {
  try {
    await command()
  } catch (error) {
    console.error(wordsOf(error))
    process.exitCode = 1
  }
}
