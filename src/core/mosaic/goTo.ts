/** @file Where a few letters lead: `17`, `conv2d_8 40`, `conv2d_8`. */

export interface Target {
  readonly layer: string
  /** Null: the layer as a whole. */
  readonly channel: number | null
}

interface Layer {
  readonly name: string
  readonly channels: number
}

/** The place, or a sentence that says what there is. `shown`: the layer that a number alone is about. */
export function findTarget(text: string, layers: readonly Layer[], shown: string | null): Target | string {
  const typed = text.trim().replace(/^#/, '')
  const last = typed.split(/[\s/]+/).at(-1)!
  if (last === '') return 'A channel is found by its number, as 17, or by layer and number, as conv2d_8 40.'
  // Names of layers may hold anything, also slashes, and be numbers.
  const whole = layers.find(({ name }) => name === typed)
  if (whole) return { layer: whole.name, channel: null }
  const isNumber = /^\d+$/.test(last)
  const wanted = isNumber ? typed.slice(0, -last.length).replace(/[\s/]+$/, '') : typed
  const found = wanted === '' ? layers.find(({ name }) => name === shown) : layerLike(wanted, layers)
  if (typeof found === 'string') return found
  if (!found) return wanted === '' ? 'No layer is shown.' : `No layer is called ${wanted}.`
  if (!isNumber) return { layer: found.name, channel: null }
  const channel = Number(last)
  if (channel < found.channels) return { layer: found.name, channel }
  return `${found.name} has the channels 0 to ${(found.channels - 1).toLocaleString('en')}.`
}

/** By its name, or by a part of it that only one has. */
function layerLike(wanted: string, layers: readonly Layer[]): Layer | string | undefined {
  const exact = layers.find(({ name }) => name === wanted)
  if (exact) return exact
  const like = layers.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()))
  return like.length > 1 ? `${like.length} layers have ${wanted} in their names.` : like[0]
}
