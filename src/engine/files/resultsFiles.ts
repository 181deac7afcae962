/** @file Results files, told by what is in them and read as they come from the disk. */
import { appError, messageOf } from '../../core/errors.ts'
import { resultsFormat, ResultsReader } from '../../core/results/readResults.ts'
import type { RecordedResults } from '../../core/results/recordedFile.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })
/** An end of a piece that may be the beginning of what is looked for. */
const overlap = resultsFormat.length

/** Whether it is JSON that says so, wherever it says it; programs write keys in any order. */
export async function isResultsFile(file: Blob): Promise<boolean> {
  const start = await file.slice(0, 64).text()
  if (!/^\uFEFF?\s*\{/.test(start)) return false
  const reader = file.stream().pipeThrough(new TextDecoderStream('latin1')).getReader()
  let before = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return false
    const piece = before + value
    if (piece.includes(`"${resultsFormat}"`)) {
      await reader.cancel()
      return true
    }
    before = piece.slice(-overlap - 1)
  }
}

/** Throws `results/…`. */
export async function readResultsFile(file: File): Promise<RecordedResults> {
  const results = new ResultsReader(file.name, (bytes) => decoder.decode(bytes))
  const reader = file.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw appError('results/unreadable', { file: file.name, reason: messageOf(error) })
    })
    if (done) return results.end()
    results.push(value)
  }
}
