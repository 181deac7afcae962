/** @file The rows of an index file: TSV or CSV, whatever the separator. */
import Papa from 'papaparse'

/** Cells of each line that isn't empty. */
export async function readIndex(file: Blob): Promise<string[][]> {
  // One kind of line end: papaparse guesses one for the whole file.
  const text = (await file.text()).replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  // Without a separator (a plain list of names) papaparse reports that it could not guess one; the rows are right.
  const { data } = Papa.parse<string[]>(text, {
    skipEmptyLines: 'greedy',
    delimitersToGuess: ['\t', ',', ';', '|'],
  })
  return data
}
