/** @file The rows of an index file: TSV or CSV, whatever the separator. */
import Papa from 'papaparse'

/** Cells of each line that isn't empty. */
export async function readIndex(file: Blob): Promise<string[][]> {
  const text = await file.text()
  // Without a separator (a plain list of names) papaparse reports that it could not guess one; the rows are right.
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    skipEmptyLines: 'greedy',
    delimitersToGuess: ['\t', ',', ';', '|'],
  })
  return data
}
