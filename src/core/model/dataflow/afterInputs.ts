/** @file The order in which the nodes of a graph can be computed. */

/**
 * Each node after those that it reads, else in the order given. `inputsOf` is asked once for each node, and `closesLoop` is
 * called with a node that reads one that waits for it; that input is passed over. No recursion, as a chain of some thousand
 * nodes would be too deep.
 */
export function afterInputs<N>(
  nodes: Iterable<N>,
  inputsOf: (node: N) => readonly N[],
  closesLoop: (node: N) => void,
): N[] {
  const ordered = new Set<N>()
  const open = new Set<N>()
  for (const start of nodes) {
    if (ordered.has(start)) continue
    const stack = [{ node: start, inputs: inputsOf(start), next: 0 }]
    open.add(start)
    while (stack.length > 0) {
      const top = stack.at(-1)!
      const input = top.inputs[top.next++]
      if (input === undefined) {
        ordered.add(top.node)
        open.delete(top.node)
        stack.pop()
      } else if (open.has(input)) closesLoop(top.node)
      else if (!ordered.has(input)) {
        open.add(input)
        stack.push({ node: input, inputs: inputsOf(input), next: 0 })
      }
    }
  }
  return [...ordered]
}
