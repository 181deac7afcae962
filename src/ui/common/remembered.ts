/** @file Small choices that outlive the visit. Where a browser keeps nothing for pages, they hold for this visit only. */

/** Null where nothing is kept. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Blocked, or full: nobody loses anything but a choice.
  }
}
