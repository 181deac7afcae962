/** @file Recognizes results files by their content, and reads them as a stream. */
import { appError, messageOf } from '../../core/errors.ts'
import { resultsFormat, ResultsReader } from '../../core/results/readResults.ts'
import type { RecordedResults } from '../../core/results/recordedFile.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })
/** The length of a piece's end that may be the beginning of what is searched for. */
const overlap = resultsFormat.length

/** Whether a file is JSON that names the format of results files, anywhere: programs write keys in any order. */
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
