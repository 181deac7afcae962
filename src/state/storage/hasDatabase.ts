/** @file Whether the browser has databases for this page at all. */

/** Some private windows have none, and some pages in frames may not even ask. */
export function hasDatabase(): boolean {
  try {
    return (globalThis as { readonly indexedDB?: IDBFactory }).indexedDB !== undefined
  } catch {
    return false
  }
}
