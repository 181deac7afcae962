/**
 * @file Where a model or images have come from, as far as the page may come back to it in a later visit: handles that the
 * browser keeps, or the address of a project. Beside what is open rather than in it, as it is of use to nobody else.
 */

export type Origin =
  | { readonly kind: 'handles'; readonly handles: readonly FileSystemHandle[] }
  /** What opens model, images and settings together. */
  | { readonly kind: 'project'; readonly url: string }

const known = new WeakMap<object, Origin>()

/** Of a file of a model, or of a source of images. */
export function noteOrigin(of: object, origin: Origin): void {
  known.set(of, origin)
}

/** Null where the page cannot come back to it by itself. */
export function originOf(of: object): Origin | null {
  return known.get(of) ?? null
}

/** Of results: of their model and images. */
export interface Origins {
  readonly model: Origin | null
  readonly images: Origin | null
}

/** The address that opens model and images together; null where they are not of one project. */
export function projectOf({ model, images }: Origins): string | null {
  if (model?.kind !== 'project' || images?.kind !== 'project') return null
  return model.url === images.url ? model.url : null
}

/** Whether a click opens both, or one of them at least. */
export function canReopen(origins: Origins): boolean {
  const { model, images } = origins
  return projectOf(origins) !== null || model?.kind === 'handles' || images?.kind === 'handles'
}

/** Not in every TypeScript's library: only Chromium has them. */
interface AskingHandle {
  queryPermission?(options: { mode: 'read' }): Promise<PermissionState>
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>
}

/** Asks where it must; only in answer to a click. */
export async function mayRead(handle: FileSystemHandle & AskingHandle): Promise<boolean> {
  const options = { mode: 'read' } as const
  if ((await handle.queryPermission?.(options)) === 'granted') return true
  return (await handle.requestPermission?.(options)) === 'granted'
}
