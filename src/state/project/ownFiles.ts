/** @file Files on the app's own host: those of a project, and results that a link leads to. */
import { messageOf } from '../../core/errors.ts'

/** The content. Every fetch stays on the app's own origin. Throws what `unreachable` makes of the reason. */
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
  // What many hosts answer instead of 404.
  if (await isWebPage(content)) throw unreachable('the server answers with a web page instead')
  return content
}

async function isWebPage(content: Blob): Promise<boolean> {
  const start = await content.slice(0, 1024).text()
  return /^\s*(<!--[^]*?-->\s*)*<(!doctype\s+html|html|head)\b/i.test(start)
}

/** The last part of an address, as the file is called. */
export function fileName({ pathname }: URL): string {
  const name = pathname.split('/').at(-1)!
  try {
    return decodeURIComponent(name)
  } catch {
    // A per cent sign that encodes nothing.
    return name
  }
}
