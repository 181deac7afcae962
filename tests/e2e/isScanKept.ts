/** Whether the browser keeps a scan. Runs in the page, so it uses nothing of its surroundings. */
export async function isScanKept(): Promise<boolean> {
  const name = 'urpatch-scans'
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return false
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error))
    })
  const database = await settled(indexedDB.open(name))
  const count = await settled(database.transaction('heads').objectStore('heads').count())
  database.close()
  return count > 0
}
