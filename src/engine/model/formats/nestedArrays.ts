/**
 * @file Which of many arrays belong to which layer of a model. Legacy files keep all arrays of a nested model in one
 * list: `inner/kernel:0` (Keras 2) or `outer/inner/kernel` (Keras 3), first those that are trained, then the others.
 * Names decide if they can; otherwise the order does.
 */
import type { KerasNode } from '../../../core/model/keras/kerasConfig.ts'
import type { WeightSpec } from '../../../core/model/network.ts'
import { leavesOf, type SpecsOf } from './kerasModel.ts'
import type { StoredArray } from './storedWeights.ts'

type Arrays = ReadonlyMap<KerasNode, readonly StoredArray[]>

export function nestedArrays(model: KerasNode, arrays: readonly StoredArray[], specsOf: SpecsOf): Arrays {
  const leaves = leavesOf(model)
  const named = byName(model, leaves, arrays)
  if (fits(named, leaves, specsOf)) return named
  for (const isTrained of orders) {
    const ordered = byOrder(leaves, arrays, specsOf, isTrained)
    if (ordered && fits(ordered, leaves, specsOf)) return ordered
  }
  // The checks that follow name the layer.
  return named
}

/** Arrays by the part of their names that says which layer they belong to: as much of the layer's path as possible. */
function byName(model: KerasNode, leaves: readonly KerasNode[], arrays: readonly StoredArray[]): Arrays {
  const owners = new Map<string, StoredArray[]>()
  for (const array of arrays) {
    const owner = array.name.slice(0, Math.max(0, array.name.lastIndexOf('/')))
    owners.set(owner, [...(owners.get(owner) ?? []), array])
  }
  const found = new Map<KerasNode, readonly StoredArray[]>()
  for (const leaf of leaves) {
    const paths = suffixes(leaf, model)
    // Deeper paths are tried first: `outer/inner/conv`, `inner/conv`, `conv`.
    for (const path of paths) {
      const exact = owners.get(path)
      const ending = exact
        ? [exact]
        : [...owners].filter(([owner]) => owner.endsWith(`/${path}`)).map(([, a]) => a)
      if (ending.length !== 1) continue
      found.set(leaf, ending[0]!)
      break
    }
  }
  return found
}

function suffixes(leaf: KerasNode, model: KerasNode): string[] {
  const paths = [leaf.name]
  for (let node = leaf.parent; node && node !== model.parent; node = node.parent)
    paths.unshift(`${node.name}/${paths[0]!}`)
  return paths
}

type IsTrained = (leaf: KerasNode, spec: WeightSpec) => boolean

function isFrozen(leaf: KerasNode): boolean {
  for (let node: KerasNode | null = leaf; node; node = node.parent)
    if (node.config['trainable'] === false) return true
  return false
}

/** Statistics that are gathered rather than trained. */
const gathered = /^(moving_|mean$|variance$|count$)/

/** The orders that are tried: as the file should have them, as if all were trained (the flags may have changed), as if none were. */
const orders: readonly IsTrained[] = [
  (leaf, { name }) => !isFrozen(leaf) && !gathered.test(name),
  (_, { name }) => !gathered.test(name),
  () => true,
]

function byOrder(
  leaves: readonly KerasNode[],
  arrays: readonly StoredArray[],
  specsOf: SpecsOf,
  isTrained: IsTrained,
): Arrays | null {
  const slots = leaves.flatMap((leaf) => (specsOf(leaf) ?? []).map((spec) => ({ leaf, spec })))
  if (slots.length !== arrays.length) return null
  const inOrder = [
    ...slots.filter(({ leaf, spec }) => isTrained(leaf, spec)),
    ...slots.filter(({ leaf, spec }) => !isTrained(leaf, spec)),
  ]
  const arrayOf = new Map(inOrder.map(({ spec }, i) => [spec, arrays[i]!]))
  return new Map(leaves.map((leaf) => [leaf, (specsOf(leaf) ?? []).map((spec) => arrayOf.get(spec)!)]))
}

/** Whether each layer that is computed has arrays of the right shapes. */
function fits(found: Arrays, leaves: readonly KerasNode[], specsOf: SpecsOf): boolean {
  return leaves.every((leaf) => {
    const specs = specsOf(leaf) ?? []
    const arrays = found.get(leaf) ?? []
    return specs.every(({ shape }, i) => arrays[i]?.shape.join() === shape.join())
  })
}
