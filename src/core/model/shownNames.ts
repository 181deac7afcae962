/** @file Names of layers as they are shown: they come from files, and layers are told apart by them everywhere. */
import { escapedUnseen, shownText } from '../shownText.ts'
import type { Network } from './network.ts'

/** The network, whose layers have names, different ones, without characters that cannot be seen and of a length that can be read. */
export function withShownNames(network: Network): Network {
  const taken = new Set(network.layers.map(({ name }) => name))
  const layers = network.layers.map((layer) => {
    const name = shownText(layer.name)
    const className = shownText(layer.className)
    const words = layer.op === null ? { problem: escapedUnseen(layer.problem) } : {}
    const isAsItIs = name === layer.name && className === layer.className
    if (isAsItIs && (layer.op !== null || words.problem === layer.problem)) return layer
    let own = name
    for (let n = 2; own !== layer.name && taken.has(own); n++) own = `${name}~${n}`
    taken.add(own)
    return { ...layer, name: own, className, ...words }
  })
  return layers.every((layer, i) => layer === network.layers[i]) ? network : { ...network, layers }
}
