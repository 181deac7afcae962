/** @file What came of an input. */
export interface Verdict {
  /** Whether the parser took it. */
  readonly opened: boolean
  /** What has gone wrong; null if nothing has. */
  readonly failure: string | null
  /** A program that is not ours has gone astray, as HDF5 may; the app gives each file a worker of its own, which then ends. */
  readonly isSpoiled?: true
}
