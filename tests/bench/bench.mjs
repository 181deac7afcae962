/**
 * @file `npm run bench`: measures what Urpatch costs and prints a table with the ratios first. With the kit beside the
 * project it uses the exercise's network and images, otherwise the demo's. Missing a target is no failure.
 *
 *     npm run bench -- [--only wasm,memory,why:synth] [--chromium=--flag …] [out.json]
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureBuild, ensurePackages, root } from '../../src/cli/install.mjs'
import { Report } from './report.mjs'

const { values, positionals } = parseArgs({
  options: { only: { type: 'string' }, chromium: { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
})
ensurePackages()
ensureBuild()
// Imported only now, because packages may have been missing.
const { sections, sectionsOf } = await import('./sections.mjs')
const { serveBuild } = await import('../../src/cli/browser.mjs')

const choices = values.only?.split(',') ?? Object.keys(sections)
const unknown = choices.filter((choice) => sectionsOf(choice).length === 0)
if (unknown.length > 0) {
  console.error(`There is no section ${unknown.join(', ')}; there are ${Object.keys(sections).join(', ')}.`)
  process.exit(1)
}
const chosen = new Set(choices.flatMap(sectionsOf))

const report = new Report()
const server = await serveBuild()
try {
  for (const name of chosen) {
    report.section = name
    console.error(name)
    const start = performance.now()
    try {
      await sections[name]?.({ url: server.url, flags: values.chromium, report })
    } catch (error) {
      // The other sections are still measured, but the command fails at its end.
      report.note(`failed: ${error instanceof Error ? error.message : error}`)
      process.exitCode = 1
    }
    report.seconds[name] = (performance.now() - start) / 1000
  }
} finally {
  await server.close()
}

console.log(report.text())
if (positionals[0])
  writeFileSync(positionals[0], report.json({ version: version(), date: new Date().toISOString() }))

/** The commit, if git knows it. */
function version() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}
