/**
 * @file Where a model or images have come from, if the page can open them again in a later visit: handles that the
 * browser keeps, or the address of a project. It lies beside what is open and not in it, as nothing else needs it.
 */

export type Origin =
  | { readonly kind: 'handles'; readonly handles: readonly FileSystemHandle[] }
  /** A project opens model, images and settings together. */
  | { readonly kind: 'project'; readonly url: string }

const known = new WeakMap<object, Origin>()

/** `of`: a file of a model, or a source of images. */
export function noteOrigin(of: object, origin: Origin): void {
  known.set(of, origin)
}

/** Returns null if the page cannot open it again by itself. */
export function originOf(of: object): Origin | null {
  return known.get(of) ?? null
}

/** Where the model and the images of results have come from. */
export interface Origins {
  readonly model: Origin | null
  readonly images: Origin | null
}

/** The address that opens model and images together; null if they do not come from one project. */
export function projectOf({ model, images }: Origins): string | null {
  if (model?.kind !== 'project' || images?.kind !== 'project') return null
  return model.url === images.url ? model.url : null
}

/** Whether a click can open both, or at least one of them. */
export function canReopen(origins: Origins): boolean {
  const { model, images } = origins
  return projectOf(origins) !== null || model?.kind === 'handles' || images?.kind === 'handles'
}

/** TypeScript's library lacks these methods: only Chromium has them. */
interface AskingHandle {
  queryPermission?(options: { mode: 'read' }): Promise<PermissionState>
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>
}

/** Asks for permission if it has to; to be called only after a click. */
export async function mayRead(handle: FileSystemHandle & AskingHandle): Promise<boolean> {
  const options = { mode: 'read' } as const
  if ((await handle.queryPermission?.(options)) === 'granted') return true
  return (await handle.requestPermission?.(options)) === 'granted'
}
