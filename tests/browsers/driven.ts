/** A browser of any kind with one page, as far as the main job needs it, and what can be done with all of them alike. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Longer than any step takes, also on a machine that has a dozen other things to do: only what has stopped takes so long (ms).
 */
export const patience = 240_000

export type BrowserName = 'Chromium' | 'Firefox' | 'WebKit'

export interface Driven {
  readonly name: BrowserName
  readonly version: string
  /** What the page saves is put into its `downloads`. */
  readonly own: OwnFolder
  /** What the page has written to the console, and errors that it has not caught. */
  noise(): Promise<readonly string[]>
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** Runs a function in the page; it must not use anything of its surroundings. */
  evaluate<A extends unknown[], R>(run: (...args: A) => R | Promise<R>, ...args: A): Promise<R>
  /** Clicks the element that an XPath finds, as a mouse does. */
  click(xpath: string): Promise<void>
  /** Chooses files in a file input. */
  setFiles(xpath: string, files: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** A folder of one browser's own, with one for downloads in it. */
export function ownFolder(name: string): OwnFolder {
  const folder = mkdtempSync(path.join(tmpdir(), `urpatch-${name.toLowerCase()}-`))
  const downloads = path.join(folder, 'downloads')
  mkdirSync(downloads)
  return {
    folder,
    downloads,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  }
}

export interface OwnFolder {
  readonly folder: string
  readonly downloads: string
  remove(): void
}

/** An element of this role by its label or its whole text. */
export function named(role: 'button' | 'menuitem' | 'switch' | 'row', name: string): string {
  const kind = role === 'button' ? 'self::button' : `@role="${role}" or self::input[@role="${role}"]`
  // A text of its own: what stands beside it may be hidden from the name.
  return `//*[${kind}][@aria-label="${name}" or normalize-space(.)="${name}" or text()[normalize-space(.)="${name}"]]`
}

/** The file input with this label. */
export function fileInput(label: string): string {
  return `//input[@type="file"][@aria-label="${label}"]`
}

/** WebKitGTK's driver now and then loses what a script gives back. A condition can be asked again. */
function isLost(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Could not parse script result')
}

/** Waits until a function in the page gives something else than false, null or undefined, and returns that. */
export async function until<A extends unknown[], R>(
  driven: Driven,
  condition: (...args: A) => R | Promise<R>,
  ...args: A
): Promise<NonNullable<Exclude<R, false>>> {
  const end = Date.now() + patience
  for (;;) {
    const value = await driven.evaluate(condition, ...args).catch((error: unknown) => {
      if (!isLost(error)) throw error
    })
    if (value !== false && value !== null && value !== undefined)
      return value as NonNullable<Exclude<R, false>>
    if (Date.now() > end) {
      const notices = await driven.evaluate(() => [
        ...(window.urpatch?.state().notices.map(({ kind, text }) => `${kind}: ${text}`) ?? []),
        document.title,
        ...[...document.querySelectorAll('button, h2')].map(({ textContent }) => textContent),
      ])
      throw new Error(
        `${driven.name} waits in vain for ${String(condition)} ${args.join(', ')}; notices: ${String(notices)}`,
      )
    }
    await wait(50)
  }
}

/** Waits for an element, and clicks it. */
export async function press(driven: Driven, xpath: string): Promise<void> {
  await until(driven, isThere, xpath)
  await driven.click(xpath)
}

/** Whether an element is there and enabled. Runs in the page. */
export function isThere(xpath: string): boolean {
  const found = document.evaluate(xpath, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue
  return found instanceof HTMLElement && !found.matches(':disabled, [aria-disabled=true]')
}

/** Saves something by the Export menu, and takes it out of the folder of downloads. */
export async function saved(driven: Driven, item: string): Promise<Buffer> {
  const { downloads } = driven.own
  await press(driven, named('button', 'Export'))
  await press(driven, named('menuitem', item))
  for (let size = 0, end = Date.now() + patience; Date.now() < end; await wait(150)) {
    const [name, ...others] = readdirSync(downloads)
    // Browsers write to a file of another name, or beside one, until they have all of it.
    if (!name || others.length > 0 || /\.(part|crdownload|wkdownload)$/.test(name)) continue
    const file = path.join(downloads, name)
    const content = readFileSync(file)
    if (content.length > 0 && content.length === size) {
      rmSync(file)
      return content
    }
    size = content.length
  }
  throw new Error(`${item} is not saved; there is: ${readdirSync(downloads).join(', ')}`)
}
