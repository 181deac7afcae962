/**
 * @file Which scans belong to an open tab: it holds a Web Lock for each, which ends with the tab, however that ends.
 * The browser does not freeze a tab that holds locks. If there are no locks (http on a LAN), every tab may have every
 * scan.
 */

function locks(): LockManager | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.locks
}

const prefix = 'urpatch-scan-'

/** For each scan of this tab, a function that releases it. */
const held = new Map<string, () => Promise<void>>()

/** Resolves to whether this tab has the scan from now on; false if another one has it. */
export function claimScan(id: string): Promise<boolean> {
  const manager = locks()
  if (!manager || held.has(id)) return Promise.resolve(true)
  return new Promise((resolve) => {
    const ended = manager
      .request(prefix + id, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(false)
        return new Promise<void>((end) => {
          held.set(id, async () => {
            end()
            await ended
          })
          resolve(true)
        })
      })
      // Locks are not allowed here, as if there were none.
      .catch(() => resolve(true))
  })
}

/** Lets another tab have the scan from now on. */
export async function releaseScan(id: string): Promise<void> {
  const release = held.get(id)
  held.delete(id)
  await release?.()
}

/** The scans of all tabs. */
export async function claimedScans(): Promise<ReadonlySet<string>> {
  const state = await locks()
    ?.query()
    .catch(() => null)
  const names = (state?.held ?? []).map(({ name }) => name ?? '')
  return new Set(names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)))
}
