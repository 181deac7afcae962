/** @file Files on the app's own host: those of a project, and results that a link leads to. */
import { messageOf } from '../../core/errors.ts'

/** The address that a link names; every file lies on the app's own origin. Throws what `unreachable` makes of the reason. */
export function ownAddress(link: string, unreachable: (reason: string) => Error): URL {
  if (!URL.canParse(link, document.baseURI)) throw unreachable('that is no address')
  const url = new URL(link, document.baseURI)
  if (url.origin !== location.origin) throw unreachable('it lies on another site')
  return url
}

/**
 * Resolves to the content. Every fetch stays on the app's own origin. Throws what `unreachable` makes of the reason.
 */
export async function fetchOwn(url: URL, unreachable: (reason: string) => Error): Promise<Blob> {
  if (url.origin !== location.origin) throw unreachable('it lies on another site')
  let content: Blob
  try {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`the server answers ${response.status}`)
    content = await response.blob()
  } catch (error) {
    throw unreachable(messageOf(error))
  }
  // Many hosts answer so instead of with 404.
  if (await isWebPage(content)) throw unreachable('the server answers with a web page instead')
  return content
}

async function isWebPage(content: Blob): Promise<boolean> {
  const start = await content.slice(0, 1024).text()
  return /^\s*(<!--[^]*?-->\s*)*<(!doctype\s+html|html|head)\b/i.test(start)
}

/** The name of the file: the last part of the address. */
export function fileName({ pathname }: URL): string {
  const name = pathname.split('/').at(-1)!
  try {
    return decodeURIComponent(name)
  } catch {
    // The address has a per cent sign that encodes nothing.
    return name
  }
}
