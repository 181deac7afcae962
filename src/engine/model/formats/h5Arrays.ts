/** @file Finds the arrays of each layer in Keras' HDF5 files, in the two layouts that there are. */
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
  return isLegacyLayout(h5) ? legacyArrays(h5, '', root, specsOf) : savedArrays(h5, root, specsOf)
}

/**
 * Legacy: under `base` one group a layer, whose attribute `weight_names` lists its arrays, those of nested models
 * included (keras/src/legacy/saving/legacy_h5_format.py). Layers are found by name, or in the order of the file, as
 * Keras itself does, if weights were saved under other names.
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

/** Names of the group that holds the layers of a model; Keras 2.12 and 2.13 walked another of its attributes. */
const containers = ['layers', '_layer_checkpoint_dependencies'] as const

/**
 * As in `.keras` and `.weights.h5`: `layers/<class in snake case>[_N]/vars/<i>`, nested models within, where N counts
 * the layers of a class (keras/src/saving/saving_lib.py). Newer files also tell each layer's name.
 */
function savedArrays(h5: H5File, root: KerasNode, specsOf: SpecsOf): Arrays {
  const groups = variableGroups(h5)
  const found: Arrays = new Map()
  const visit = (model: KerasNode, prefix: string): void => {
    const container = containers
      .map((name) => `${prefix}${name}/`)
      .find((path) => [...groups.keys()].some((key) => key.startsWith(path)))
    if (container === undefined) return
    const keys = keysByName(model, container, groups) ?? countedKeys(model, container, groups, specsOf)
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
  /** The layer's name; null in files that do not tell. */
  readonly name: string | null
  readonly isEmpty: boolean
  arrays(): StoredArray[]
}

/** Arrays by the path of their layer. Windows has written backslashes into the names of groups. */
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

/** Is null if the file tells no names, or other names than the configuration. */
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
  const counted = keysByCount(model, () => 1)
  return new Map(model.children.map((child) => [child, byName.get(child.name) ?? counted.get(child)!]))
}

/**
 * Keras 2.12 and 2.13 saved what `_layer_checkpoint_dependencies` lists, which has a layer with weights twice
 * (`layer_with_weights-0`, `layer-1`) and any other once; the second time it is counted, but not saved again. The file
 * itself tells best which of them have weights. Files of other programs may nevertheless count plainly.
 */
function countedKeys(
  model: KerasNode,
  container: string,
  groups: ReadonlyMap<string, VariableGroup>,
  specsOf: SpecsOf,
): Map<KerasNode, string> {
  const once = keysByCount(model, () => 1)
  if (!container.endsWith(`${containers[1]}/`)) return once
  const held = heldPaths(groups)
  const twice = keysByCount(model, (child, key) =>
    held.has(container + key) || needsArrays(child, specsOf) ? 2 : 1,
  )
  const fits = (keys: Map<KerasNode, string>): boolean =>
    model.children.every((child) => !needsArrays(child, specsOf) || held.has(container + keys.get(child)))
  return fits(once) && !fits(twice) ? once : twice
}

/** The paths of all groups that hold arrays, themselves or in groups within. */
function heldPaths(groups: ReadonlyMap<string, VariableGroup>): ReadonlySet<string> {
  const held = new Set<string>()
  for (const [path, { isEmpty }] of groups)
    for (let at = isEmpty ? '' : path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/'))))
      held.add(at)
  return held
}

/** `steps`: how much a layer adds to the count of its class. */
function keysByCount(
  model: KerasNode,
  steps: (child: KerasNode, key: string) => number,
): Map<KerasNode, string> {
  const counts = new Map<string, number>()
  return new Map(
    model.children.map((child) => {
      const name = snakeCase(child.className)
      const count = counts.get(name) ?? 0
      const key = count === 0 ? name : `${name}_${count}`
      counts.set(name, count + steps(child, key))
      return [child, key]
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
