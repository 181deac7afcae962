/** @file Finds the layer or channel that a typed text means: `17`, `conv2d_8 40`, `conv2d_8`. */

export interface Target {
  readonly layer: string
  /** The value null means the layer as a whole. */
  readonly channel: number | null
}

interface Layer {
  readonly name: string
  readonly channels: number
}

/** The target, or a sentence that says why there is none. A number alone means a channel of the layer `shown`. */
export function findTarget(text: string, layers: readonly Layer[], shown: string | null): Target | string {
  const typed = text.trim().replace(/^#/, '')
  const last = typed.split(/[\s/]+/).at(-1)!
  if (last === '') return 'A channel is found by its number, as 17, or by layer and number, as conv2d_8 40.'
  // The whole text is tried first: names of layers may contain anything, also slashes, and may be numbers.
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

/** The layer with this name, or the only one that has the text in its name. A string says that there are several. */
function layerLike(wanted: string, layers: readonly Layer[]): Layer | string | undefined {
  const exact = layers.find(({ name }) => name === wanted)
  if (exact) return exact
  const like = layers.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()))
  return like.length > 1 ? `${like.length} layers have ${wanted} in their names.` : like[0]
}
