/** @file What an ONNX file tells about itself beside the graph: which program made it, and what its outputs stand for. */
import type { Maker } from '../../preprocessing/guess/torchModels.ts'
import type { OnnxModel } from './modelProto.ts'

/** Returns null for programs of which nothing is known here. */
export function makerOf({ producer, metadata }: Pick<OnnxModel, 'producer' | 'metadata'>): Maker | null {
  const isUltralytics = [metadata.get('author'), metadata.get('description')].some((text) =>
    text?.startsWith('Ultralytics'),
  )
  if (isUltralytics) return 'Ultralytics'
  return /^pytorch\b/i.test(producer) ? 'PyTorch' : null
}

/**
 * The names of the outputs that Ultralytics writes, a dictionary of Python as text: `{0: 'person', 1: 'bicycle'}`. Null
 * if there are none, or if not every output from 0 on has one.
 */
export function labelsOf({ metadata }: Pick<OnnxModel, 'metadata'>): readonly string[] | null {
  const inside = /^\s*\{([^]*)\}\s*$/.exec(metadata.get('names') ?? '')?.[1]
  if (inside === undefined) return null
  const labels: string[] = []
  const entry = /\s*(\d+)\s*:\s*(?:'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)")\s*(?:,|$)/y
  while (entry.lastIndex < inside.length) {
    const [, number, single, double] = entry.exec(inside) ?? []
    if (Number(number) !== labels.length) return null
    labels.push(plain((single ?? double)!))
    if (/^\s*$/.test(inside.slice(entry.lastIndex))) break
  }
  return labels.length > 0 ? labels : null
}

/** A string of Python without its escapes. */
function plain(text: string): string {
  return text.replace(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|([^]))/gi,
    (_, hex: string, long: string, one: string) =>
      one === undefined ? String.fromCharCode(Number.parseInt(hex ?? long, 16)) : one,
  )
}
