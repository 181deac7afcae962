/** What `npm start` and scans serve the built app with. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveFolder } from '../../src/cli/server.mjs'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-server-'))
  mkdirSync(path.join(folder, 'site'))
  writeFileSync(path.join(folder, 'site/index.html'), 'first')
  writeFileSync(path.join(folder, 'secret.txt'), 'secret')
})
afterAll(() => rmSync(folder, { recursive: true }))

it('takes the next port if one is taken, and gives it back', async () => {
  const first = await serveFolder(path.join(folder, 'site'))
  const port = Number(new URL(first.url).port)
  const second = await serveFolder(path.join(folder, 'site'), { port })
  expect(Number(new URL(second.url).port)).toBeGreaterThan(port)
  await first.close()
  const third = await serveFolder(path.join(folder, 'site'), { port })
  expect(third.url).toBe(first.url)
  await Promise.all([second.close(), third.close()])
})

it('gives a file as it is now, tells when it has not changed, and gives none from outside', async () => {
  const { url, close } = await serveFolder(path.join(folder, 'site'))
  const first = await fetch(url)
  expect(await first.text()).toBe('first')
  const etag = first.headers.get('etag')!
  expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304)
  writeFileSync(path.join(folder, 'site/index.html'), 'the second')
  expect(await (await fetch(url, { headers: { 'If-None-Match': etag } })).text()).toBe('the second')
  for (const name of ['..%2fsecret.txt', 'missing.html']) expect((await fetch(url + name)).status).toBe(404)
  await close()
})
