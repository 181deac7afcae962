/** @file Measures what tells why a unit fires, part by part (`why/`). */
import { measureAblation } from './why/ablation.mjs'
import { measureAttribution } from './why/attribution.mjs'
import { measureCircuits } from './why/circuits.mjs'
import { measureGradient } from './why/gradient.mjs'
import { measureSynth } from './why/synth.mjs'

/** @param {import('./page.mjs').Bench} bench */
export async function measureWhy(bench) {
  await measureCircuits(bench)
  await measureAttribution(bench)
  await measureGradient(bench)
  await measureSynth(bench)
  await measureAblation(bench)
}
