/** @file The way to the notes in the browser's database, which is loaded when it is needed. */

export function noteStorage(): Promise<typeof import('./noteStore.ts')> {
  return import('./noteStore.ts')
}
