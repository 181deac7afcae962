/** @file The Keras classes that are read: a new one is an entry of a table beside this file, or a file and a line here. */
import { convolutions } from './convolutions.ts'
import type { LayerReader, LayerReaders } from './layerReader.ts'
import { merging } from './merging.ts'
import { normalizations } from './normalizations.ts'
import { operationNodes } from './operationNodes.ts'
import { pointwise } from './pointwise.ts'
import { pools } from './pools.ts'
import { resizing } from './resizing.ts'
import { shapes } from './shapes.ts'

/** No class is in two of them. */
export const readerTables: readonly LayerReaders[] = [
  convolutions,
  merging,
  normalizations,
  operationNodes,
  pointwise,
  pools,
  resizing,
  shapes,
]

const byClassName: ReadonlyMap<string, LayerReader> = new Map(
  readerTables.flatMap((table) => Object.entries(table)),
)

/** Gives what reads the configuration of a Keras class, if it is supported. */
export function readerOf(className: string): LayerReader | undefined {
  return byClassName.get(className)
}
