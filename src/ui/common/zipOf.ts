/** @file Files packed into one. */

interface Part {
  /** The path with `/`. */
  readonly name: string
  readonly input: Blob | string
  /** Now, if it is left out. */
  readonly lastModified?: Date
}

/** The zip lies in memory or on the browser's disk. The library is loaded only when something is packed. */
export async function zipOf(parts: Iterable<Part> | AsyncIterable<Part>): Promise<Blob> {
  const { downloadZip } = await import('client-zip')
  return downloadZip(parts).blob()
}
