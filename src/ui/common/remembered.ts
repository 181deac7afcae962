/** @file Small choices that outlive the visit. If the browser stores nothing for pages, they hold for one visit only. */

/** The stored choice; null if there is none. */
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
    // The storage is blocked or full. Only this choice is lost.
  }
}
