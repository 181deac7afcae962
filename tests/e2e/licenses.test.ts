/** What the build says of the licences of others, against what is in it. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, inject, it } from 'vitest'
import { root } from '../../src/cli/install.mjs'
import { folderOf, noticesFile } from '../../src/cli/notices.ts'
import { checkWithAxe } from './axe.ts'
import { fixtures, openFiles, usePerson } from './person.ts'

const person = usePerson()

/** The packages that source maps of the build name: a way to know them that is not the one of the notices. */
function bundled(): Set<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'urpatch-maps-'))
  try {
    const env = { ...process.env, NODE_ENV: 'production' }
    const options = [
      '--sourcemap',
      '--minify',
      'false',
      '--outDir',
      folder,
      '--emptyOutDir',
      '--logLevel',
      'error',
    ]
    execFileSync('npx', ['vite', 'build', ...options], { cwd: root, env, stdio: ['ignore', 'ignore', 2] })
    const found = new Set<string>()
    const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.map'),
    )
    for (const map of maps) {
      const { sources } = JSON.parse(readFileSync(path.join(folder, map), 'utf8')) as { sources: string[] }
      for (const source of sources) {
        // Paths before that differ from map to map.
        const home = folderOf(source.replace(/^.*?(?=node_modules\/)/, ''))
        if (home === null) continue
        const { name, version } = JSON.parse(readFileSync(path.join(root, home, 'package.json'), 'utf8')) as {
          name: string
          version: string
        }
        found.add(`${name} ${version}`)
      }
    }
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}

it('every package that is in the build is in the notices, with the text of its licence', () => {
  const text = readFileSync(path.join(root, 'dist', noticesFile), 'utf8')
  const packages = [...bundled()]
  const names = packages.map((one) => one.replace(/ [^ ]+$/, ''))
  for (const known of ['react', '@tensorflow/tfjs-backend-wasm', 'h5wasm', 'umap-js', 'serwist'])
    expect(names).toContain(known)
  expect(packages.filter((one) => !text.includes(`\n${one} (`))).toEqual([])
  // Binaries that packages bring with them.
  for (const library of ['XNNPACK', 'HDF5', 'zlib', 'Zstandard', 'LLVM']) expect(text).toContain(library)
})

it('the page of keys leads to them', async () => {
  const { page } = person
  await page.goto(inject('url'))
  await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
  await page.keyboard.press('?')
  const link = page.getByRole('link', { name: 'their licences' })
  await link.scrollIntoViewIfNeeded()
  await checkWithAxe(page, 'the page of keys')
  const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()])
  await opened.waitForLoadState()
  expect(await opened.textContent('body')).toContain('Copyright (c) 2026 The Urpatch authors')
})
