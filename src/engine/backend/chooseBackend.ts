/**
 * @file Chooses the tfjs backend that runs the network, and says why. WebGL on a graphics card is the fastest; software
 * WebGL is about 35 times slower than WASM (TECH.md, section 4), so it is recognised by its renderer's name and not
 * used. If the name does not decide, a short race does.
 */
import * as tf from '@tensorflow/tfjs'
import {
  type BackendChoice,
  type BackendName,
  backendNames,
  type Computing,
} from '../../core/backendNames.ts'
import { messageOf } from '../../core/errors.ts'
import { isSoftwareRenderer } from '../../core/softwareRenderers.ts'
import { chooseConvolutions } from './kernels/convolution/choice.ts'
import { raceBackends } from './raceBackends.ts'
import { preload, useBackend, wasmKernels } from './tfjsBackend.ts'

export interface BackendReport extends Computing {
  /** Why it was chosen, as a sentence. */
  readonly reason: string
  /** The renderer as WebGL names it; null if there is no WebGL. */
  readonly renderer: string | null
  /** The renderer draws without a graphics card. */
  readonly software: boolean
  /** Activations are kept as 16-bit floats, with three to four digits, as this graphics card has no 32-bit textures. */
  readonly halfFloat: boolean
}

/** Starts the chosen backend, or the best one. Throws `backend/unavailable`. */
export async function startBackend(choice: BackendChoice): Promise<BackendReport> {
  // By itself it may be WASM, and is if there is no graphics card.
  preload(choice === 'auto' || choice === 'tfjs-wasm' ? 'wasm' : choice)
  const renderer = webglRenderer()
  const software = renderer !== null && isSoftwareRenderer(renderer)
  const { name, reason } = await start(choice, renderer, software)
  const halfFloat = name === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE')
  // Without SIMD there are no kernels of ours, so nothing is done in another way than the reference does it.
  chooseConvolutions('fast')
  const isReference = name === 'wasm' && (choice === 'tfjs-wasm' || !wasmKernels()!.convolvesHere())
  if (isReference) chooseConvolutions('tfjs')
  return { name, isReference, reason, renderer, software, halfFloat }
}

async function start(
  choice: BackendChoice,
  renderer: string | null,
  software: boolean,
): Promise<{ name: BackendName; reason: string }> {
  const use = async (name: BackendName, reason: string) => {
    await useBackend(name)
    return { name, reason }
  }
  if (choice !== 'auto') return use(choice === 'tfjs-wasm' ? 'wasm' : choice, 'You chose it.')
  if (renderer === null) return use('wasm', 'There is no WebGL here.')
  if (software) return use('wasm', `WebGL has no graphics card here (${renderer}); WASM is far faster.`)
  try {
    const ms = await raceBackends()
    const name = ms.webgl <= ms.wasm ? 'webgl' : 'wasm'
    const figures = `${backendNames.webgl} took ${shown(ms.webgl)} on ${renderer}, ${backendNames.wasm} ${shown(ms.wasm)}`
    return await use(name, `It was faster in a short race: ${figures} for one convolution.`)
  } catch (error) {
    return use('wasm', `WebGL fails on ${renderer} (${messageOf(error)}).`)
  }
}

const shown = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`

/** The renderer's name, from a context made for the purpose. */
function webglRenderer(): string | null {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (!gl) return null
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return renderer
}
