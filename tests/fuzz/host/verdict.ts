/** @file What came of an input. */
export interface Verdict {
  /** Whether the parser took it. */
  readonly opened: boolean
  /** What has gone wrong; null if nothing has. */
  readonly failure: string | null
}
