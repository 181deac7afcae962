/** @file Of several attempts at the same thing only the latest counts. */

export class Latest {
  #attempt: AbortController | null = null

  /** Begins an attempt and aborts the one before. An attempt must change nothing once its signal is aborted. */
  begin(): AbortSignal {
    this.cancel()
    this.#attempt = new AbortController()
    return this.#attempt.signal
  }

  /** The attempt under way counts no more. */
  cancel(): void {
    this.#attempt?.abort()
    this.#attempt = null
  }
}
