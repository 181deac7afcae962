/** @file The openers of all formats of `core/model/formats`, in the order in which they are asked. */
import type { ModelFormat } from './format.ts'
import { kerasH5 } from './kerasH5.ts'
import { kerasParts } from './kerasParts.ts'
import { onnx } from './onnx.ts'
import { tfjsGraph } from './tfjsGraph.ts'
import { tfjsLayers } from './tfjsLayers.ts'

export const formats: readonly ModelFormat[] = [kerasH5, tfjsLayers, tfjsGraph, onnx, kerasParts]
