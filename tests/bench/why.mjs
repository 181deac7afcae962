/** @file Measures what tells why a unit fires, part by part (`why/`). */
import { measureSynth } from './why/synth.mjs'

/** @param {import('./page.mjs').Bench} bench */
export async function measureWhy(bench) {
  await measureSynth(bench)
}
