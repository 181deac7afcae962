/**
 * @file One name a node, all different. A module of PyTorch that nothing lies within is called by its path, and its value is that
 * of its last node: `act` is SiLU, `act.sigmoid` a step of it. What a block computes itself is called by what it does
 * (`layer1.0.add`). Without modules nodes keep their own names, or are counted by operator.
 */
import type { OnnxNode } from './modelProto.ts'
import { modulePath } from './modulePaths.ts'

/** As PyTorch calls them, for those that it calls otherwise. */
const torchNames: Readonly<Record<string, string>> = {
  Concat: 'cat',
  ReduceMean: 'mean',
  ReduceMax: 'amax',
  ReduceSum: 'sum',
  GlobalAveragePool: 'pool',
  Einsum: 'einsum',
  MatMul: 'matmul',
  DepthToSpace: 'pixel_shuffle',
  SpaceToDepth: 'pixel_unshuffle',
}

/** `nodes` are in order; `taken` are names that no node may have; `fed` are the tensors that are not in the file, as the image. */
export function layerNames<N extends OnnxNode>(
  nodes: readonly N[],
  taken: ReadonlySet<string>,
  fed: ReadonlySet<string>,
): ReadonlyMap<N, string> {
  const paths = new Map(nodes.map((node) => [node, modulePath(node)]))
  const callEnds = endsOfCalls(computedNodes(nodes, fed), paths)
  const names = new Map<N, string>()
  const used = new Set(taken)
  const claim = (node: N, wanted: string): void => {
    let name = wanted
    for (let n = 1; used.has(name); n++) name = `${wanted}_${n}`
    used.add(name)
    names.set(node, name)
  }
  // Those that a path stands for have it before any other can take it.
  for (const node of nodes) if (callEnds.has(node)) claim(node, paths.get(node)!)
  const owners = sharedNames(nodes)
  for (const node of nodes) {
    if (names.has(node)) continue
    const path = paths.get(node)
    if (path !== null && path !== undefined) claim(node, path === '' ? word(node) : `${path}.${word(node)}`)
    else claim(node, plainName(node, owners))
  }
  return names
}

function word({ op }: OnnxNode): string {
  return torchNames[op] ?? op.toLowerCase()
}

/** What these give depends on shapes alone. */
const ofShapes = new Set(['Shape', 'Size'])

/** Nodes that compute something from what the network is fed with. Others make constants and shapes: a module does not end in them. */
function computedNodes<N extends OnnxNode>(nodes: readonly N[], fed: ReadonlySet<string>): readonly N[] {
  const known = new Set(fed)
  return nodes.filter((node) => {
    if (ofShapes.has(node.op) || !readsOf(node).some((input) => known.has(input))) return false
    for (const output of node.outputs) known.add(output)
    return true
  })
}

/** With what its branches give. */
function readsOf({ inputs, attributes }: OnnxNode): readonly string[] {
  const branches = [...attributes.values()].flatMap((one) => (one.kind === 'graph' ? one.value.outputs : []))
  return [...inputs, ...branches]
}

/** The last node of each call of a module that has no modules with nodes within it. */
function endsOfCalls<N extends OnnxNode>(
  nodes: readonly N[],
  paths: ReadonlyMap<N, string | null>,
): ReadonlySet<N> {
  const around = new Set<string>()
  for (const path of paths.values())
    for (let at = path?.lastIndexOf('.') ?? -1; at > 0; at = path!.lastIndexOf('.', at - 1))
      around.add(path!.slice(0, at))
  const ends = new Set<N>()
  const calls = new Map<string, readonly Call<N>[]>()
  for (const node of nodes) {
    const path = paths.get(node)
    if (!path || around.has(path)) continue
    // A node that reads nothing of the calls before it begins another one; one that reads several says that they are the same.
    const reads = readsOf(node)
    const goesOn = ({ made }: Call<N>): boolean => reads.some((input) => made.has(input))
    const all = calls.get(path) ?? []
    const own = all.filter(goesOn)
    for (const { last } of own) ends.delete(last)
    ends.add(node)
    const made = new Set([...own.flatMap((call) => [...call.made]), ...node.outputs])
    calls.set(path, [...all.filter((call) => !own.includes(call)), { last: node, made }])
  }
  return ends
}

/** A call of a module, as far as its nodes are known. */
interface Call<N> {
  readonly last: N
  /** The tensors that it gives. */
  readonly made: ReadonlySet<string>
}

/** Names that several nodes have. */
function sharedNames(nodes: readonly OnnxNode[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const { name } of nodes) (seen.has(name) ? shared : seen).add(name)
  return shared
}

function plainName(node: OnnxNode, shared: ReadonlySet<string>): string {
  const own = node.name.trim()
  if (own !== '' && !shared.has(node.name)) return own
  const [output = ''] = node.outputs
  // Numbers of tensors say nothing; names of weights do, in files of the first versions of PyTorch.
  return /^\d*$/.test(output) ? node.op : output
}
