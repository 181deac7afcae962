/** @file What reads a Keras class: its configuration by allow-list, to what the layer is. */
import type { Operation } from '../../network.ts'
import type { LayerConfig } from './layerConfig.ts'

/** Throws `model/unsupported-option` for anything that is not computed exactly. */
export type LayerReader = (config: LayerConfig) => Operation

/** By class name, as Keras writes it. */
export type LayerReaders = Readonly<Record<string, LayerReader>>

/** The same reader for several classes, or for several names of one. */
export function eachClass(classNames: readonly string[], read: LayerReader): LayerReaders {
  return Object.fromEntries(classNames.map((className) => [className, read]))
}
