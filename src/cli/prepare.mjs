/**
 * @file Makes everything ready that `npm run scan` would make ready at its start: packages, Chromium, the build. To be run once
 * before many scans start side by side, which would all do it at the same time.
 */
import { ensureBuild, ensurePackages } from './install.mjs'

ensurePackages()
const { ensureChromium } = await import('./chromium.mjs')
ensureChromium()
ensureBuild()
