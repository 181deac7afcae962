/** @file The way to the browser's database, which is loaded when it is needed: most visits begin without it. */

export function storage(): Promise<typeof import('./checkpointStore.ts')> {
  return import('./checkpointStore.ts')
}
