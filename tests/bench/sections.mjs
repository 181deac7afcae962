/** @file The sections of the bench by name, in the order in which they run. */
import { measureDecoding } from './decode.mjs'
import { measureHeat } from './heat.mjs'
import { measureFinder } from './finder.mjs'
import { measureKernels } from './kernels.mjs'
import { measureMemory } from './memory.mjs'
import { measureNotebook } from './notebook.mjs'
import { measureOnnx } from './onnx.mjs'
import { measureProbe } from './probe.mjs'
import { measureSavedPage } from './savedPage.mjs'
import { measureScreen } from './screen.mjs'
import { measureSize } from './size.mjs'
import { measureLayers, measureWasm, measureWebgl, measureWebgpu } from './speed.mjs'
import { measureAblation } from './why/ablation.mjs'
import { measureAttribution } from './why/attribution.mjs'
import { measureCircuits } from './why/circuits.mjs'
import { measureGradient } from './why/gradient.mjs'
import { measureSums } from './why/sums.mjs'
import { measureSynth } from './why/synth.mjs'
import { measureWorkers } from './workers.mjs'

/**
 * Those of a name with a colon are parts of one section, and are measured if it or they are chosen.
 * @type {Readonly<Record<string, (bench: import('./page.mjs').Bench) => Promise<void>>>}
 */
export const sections = {
  size: measureSize,
  screen: measureScreen,
  finder: measureFinder,
  saved: measureSavedPage,
  heat: measureHeat,
  probe: measureProbe,
  'why:sums': measureSums,
  'why:circuits': measureCircuits,
  'why:attribution': measureAttribution,
  'why:gradient': measureGradient,
  'why:synth': measureSynth,
  'why:ablation': measureAblation,
  kernels: measureKernels,
  wasm: measureWasm,
  layers: measureLayers,
  webgl: measureWebgl,
  webgpu: measureWebgpu,
  workers: measureWorkers,
  decode: measureDecoding,
  memory: measureMemory,
  onnx: measureOnnx,
  notebook: measureNotebook,
}

/** The sections that a choice names; none if there is no such section. @param {string} choice */
export function sectionsOf(choice) {
  return Object.keys(sections).filter((name) => name === choice || name.startsWith(`${choice}:`))
}
