/**
 * @file Which scans belong to a tab that lives: it holds a Web Lock for each, which ends with the tab, however that
 * ends. A tab that holds locks is not frozen by the browser either. Where there are no locks (http on a LAN), every tab
 * may have every scan.
 */

function locks(): LockManager | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.locks
}

const prefix = 'urpatch-scan-'

/** Of this tab: what ends each. */
const held = new Map<string, () => Promise<void>>()

/** Whether this tab has the scan from now on; false where another one has it. */
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
      // Not allowed here: as where there are none.
      .catch(() => resolve(true))
  })
}

/** Another tab may have it from now on. */
export async function releaseScan(id: string): Promise<void> {
  const release = held.get(id)
  held.delete(id)
  await release?.()
}

/** Of all tabs. */
export async function claimedScans(): Promise<ReadonlySet<string>> {
  const state = await locks()
    ?.query()
    .catch(() => null)
  const names = (state?.held ?? []).map(({ name }) => name ?? '')
  return new Set(names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)))
}
