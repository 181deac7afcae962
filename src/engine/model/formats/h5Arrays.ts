/** @file Where Keras' HDF5 files keep the arrays of each layer, in the two layouts that there are. */
import type { KerasNode } from '../../../core/model/keras/kerasConfig.ts'
import type { H5File } from './h5File.ts'
import type { SpecsOf } from './kerasModel.ts'
import { nestedArrays } from './nestedArrays.ts'
import type { StoredArray } from './storedWeights.ts'

type Arrays = Map<KerasNode, readonly StoredArray[]>

/** Whether a file without configuration holds weights. */
export function holdsWeights(h5: H5File): boolean {
  return (
    isLegacyLayout(h5) || h5.keys('/').some((key) => /^(layers|_layer_checkpoint_dependencies)\b/.test(key))
  )
}

function isLegacyLayout(h5: H5File): boolean {
  return h5.textsAttribute('/', 'layer_names').length > 0
}

export function weightsFileArrays(h5: H5File, root: KerasNode, specsOf: SpecsOf): Arrays {
  return isLegacyLayout(h5) ? legacyArrays(h5, '', root, specsOf) : savedArrays(h5, root)
}

/**
 * Legacy: under `base` one group a layer, whose attribute `weight_names` lists its arrays, those of nested models
 * included (keras/src/legacy/saving/legacy_h5_format.py). Layers are found by name, or in the order of the file, as
 * Keras itself does, where weights were saved under other names.
 */
export function legacyArrays(h5: H5File, base: string, root: KerasNode, specsOf: SpecsOf): Arrays {
  const arraysOf = (name: string): StoredArray[] => {
    const group = `${base}/${name}`
    return h5.has(group)
      ? h5
          .textsAttribute(group, 'weight_names')
          .map((array) => h5.array(`${group}/${array}`, array.replace(/:\d+$/, '')))
      : []
  }
  const groups = new Map<KerasNode, readonly StoredArray[]>()
  const withWeights = root.children.filter((child) => needsArrays(child, specsOf))
  for (const child of root.children) groups.set(child, arraysOf(child.name))
  if (withWeights.length > 0 && withWeights.every((child) => groups.get(child)!.length === 0)) {
    const lists = h5
      .textsAttribute(base || '/', 'layer_names')
      .map(arraysOf)
      .filter((list) => list.length > 0)
    for (const [i, child] of withWeights.entries()) groups.set(child, lists[i] ?? [])
  }
  const found: Arrays = new Map()
  for (const [child, arrays] of groups) {
    if (child.children.length === 0) found.set(child, arrays)
    else for (const [leaf, list] of nestedArrays(child, arrays, specsOf)) found.set(leaf, list)
  }
  return found
}

function needsArrays(node: KerasNode, specsOf: SpecsOf): boolean {
  if (node.children.length > 0) return node.children.some((child) => needsArrays(child, specsOf))
  return (specsOf(node)?.length ?? 0) > 0
}

/**
 * As in `.keras` and `.weights.h5`: `layers/<class in snake case>[_N]/vars/<i>`, nested models within, where N counts
 * the layers of a class (keras/src/saving/saving_lib.py). Newer files also tell each layer's name.
 */
function savedArrays(h5: H5File, root: KerasNode): Arrays {
  const groups = variableGroups(h5)
  const found: Arrays = new Map()
  const visit = (model: KerasNode, prefix: string): void => {
    const container = ['layers', '_layer_checkpoint_dependencies']
      .map((name) => `${prefix}${name}/`)
      .find((path) => [...groups.keys()].some((key) => key.startsWith(path)))
    if (container === undefined) return
    const keys = keysByName(model, container, groups) ?? keysByCount(model)
    for (const child of model.children) {
      const path = `${container}${keys.get(child)}`
      if (child.children.length > 0) visit(child, `${path}/`)
      else found.set(child, groups.get(path)?.arrays() ?? [])
    }
  }
  visit(root, '')
  return found
}

interface VariableGroup {
  /** Of the layer; null in files that do not tell. */
  readonly name: string | null
  readonly isEmpty: boolean
  arrays(): StoredArray[]
}

/** By the path of their layer. Windows has written back-slashes into the names of groups. */
function variableGroups(h5: H5File): Map<string, VariableGroup> {
  const groups = new Map<string, VariableGroup>()
  const visit = (path: string): void => {
    const clean = path.slice(1).replaceAll('\\', '/')
    const keys = h5.keys(path || '/')
    if (/(^|\/)vars$/.test(clean)) {
      const numbered = keys.toSorted((a, b) => Number(a) - Number(b))
      groups.set(clean.replace(/\/?vars$/, ''), {
        name: h5.textAttribute(path, 'name'),
        isEmpty: keys.length === 0,
        arrays: () => numbered.map((key) => h5.array(`${path}/${key}`, key)),
      })
    } else if (clean !== 'optimizer') for (const key of keys) visit(`${path}/${key}`)
  }
  visit('')
  return groups
}

/** Null where the file does not tell names, or other names than the configuration. */
function keysByName(
  model: KerasNode,
  container: string,
  groups: ReadonlyMap<string, VariableGroup>,
): Map<KerasNode, string> | null {
  const byName = new Map<string, string>()
  for (const [path, { name, isEmpty }] of groups) {
    const key = path.slice(container.length)
    if (!path.startsWith(container) || key.includes('/')) continue
    if (name !== null) byName.set(name, key)
    else if (!isEmpty) return null
  }
  const names = new Set(model.children.map(({ name }) => name))
  if (byName.size === 0 || [...byName.keys()].some((name) => !names.has(name))) return null
  const counted = keysByCount(model)
  return new Map(model.children.map((child) => [child, byName.get(child.name) ?? counted.get(child)!]))
}

function keysByCount(model: KerasNode): Map<KerasNode, string> {
  const counts = new Map<string, number>()
  return new Map(
    model.children.map((child) => {
      const key = snakeCase(child.className)
      const count = counts.get(key) ?? 0
      counts.set(key, count + 1)
      return [child, count === 0 ? key : `${key}_${count}`]
    }),
  )
}

/** keras/src/utils/naming.py, to_snake_case; registered classes are written as `package>Name`. */
function snakeCase(className: string): string {
  return className
    .replace(/^.*>/, '')
    .replaceAll(/\W+/g, '')
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
