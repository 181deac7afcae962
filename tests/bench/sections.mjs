/** @file The sections of the bench by name, in the order in which they run. */
import { measureDecoding } from './decode.mjs'
import { measureHeat } from './heat.mjs'
import { measureFinder } from './finder.mjs'
import { measureKernels } from './kernels.mjs'
import { measureMemory } from './memory.mjs'
import { measureNotebook } from './notebook.mjs'
import { measureOnnx } from './onnx.mjs'
import { measureProbe } from './probe.mjs'
import { measureScreen } from './screen.mjs'
import { measureSize } from './size.mjs'
import { measureLayers, measureWasm, measureWebgl, measureWebgpu } from './speed.mjs'
import { measureWhy } from './why.mjs'
import { measureWorkers } from './workers.mjs'

/** @type {Readonly<Record<string, (bench: import('./page.mjs').Bench) => Promise<void>>>} */
export const sections = {
  size: measureSize,
  screen: measureScreen,
  finder: measureFinder,
  heat: measureHeat,
  probe: measureProbe,
  why: measureWhy,
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
