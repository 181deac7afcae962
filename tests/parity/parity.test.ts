/**
 * @file All of keras.applications as real Keras saves it: every network opens from both formats with Keras' layers, shapes
 * and parameters. For one or two of each family, every layer's whole output is compared.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import type { Network, Pair } from '../../src/core/model/network.ts'
import { whyNotScannable } from '../../src/core/model/scannable.ts'
import type { Endpoint } from '../../src/rpc/endpoint.ts'
import { connect, type Remote } from '../../src/rpc/remote.ts'
import type { Row } from './maker.ts'
import members from './members.json'
import type { Parity } from './parity.worker.ts'

/** Relative to a layer's largest value, or to a gradient's. */
const tolerance = 1e-4

/** At kinks, of which networks with ReLU have very many, rounding decides: so many times what Keras itself is off by is allowed. */
const timesOwnError = 3
/** A border or a sign that is wrong shows at least so. */
const largestOwnError = 0.05

interface KerasLayer {
  readonly name: string
  readonly className: string
  readonly shape: readonly number[]
  readonly params: number
  readonly offset: number
}

interface KerasGradient {
  readonly of: string
  readonly unit: number
  /** Null: with respect to the input. */
  readonly by: string | null
  readonly offset: number
  readonly size: number
  /** Of Keras in single precision: the largest of some pictures that differ by rounding. */
  readonly ownError: number
}

/** The facts about a network that make_applications.py has written. */
interface Made {
  /** The address of its files, without their ending. */
  readonly url: string
  readonly input: readonly [number, number, number] | null
  readonly inputSize: Pair | null
  readonly layers: readonly KerasLayer[]
  readonly gradients: readonly KerasGradient[]
  readonly parameters: number
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    makeMember(name: string): Promise<Made>
    discardMember(name: string): Promise<void>
    reportRow(row: Row): Promise<void>
    finish(): Promise<void>
  }
}

/** Keras' InputLayers are left out, because those of nested models are no layers of the flat network. */
function facts(network: Network, parameters: readonly number[]): Omit<KerasLayer, 'offset'>[] {
  return network.layers.flatMap((layer, i) =>
    layer.className === 'InputLayer'
      ? []
      : [
          {
            name: layer.name,
            className: layer.className,
            shape: layer.op === null ? [] : layer.shape,
            params: parameters[i]!,
          },
        ],
  )
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)

async function compareWithKeras(
  remote: Remote<Parity>,
  member: { name: string; family: string },
  format: string,
  made: Made,
): Promise<void> {
  const { network, parameters } = await remote.open(`${made.url}.${format}`, made.inputSize)
  const { layers } = network
  const problems = layers.flatMap((layer) => (layer.op === null ? [layer.problem] : []))
  let errors: number[] = []
  let gradientErrors: number[] = []
  if (made.input && problems.length === 0) {
    const indexOf = new Map(layers.map(({ name }, i) => [name, i]))
    const gradients = made.gradients.map(({ of, by, ...rest }) => ({
      ...rest,
      of: indexOf.get(of)!,
      by: by === null ? network.input : indexOf.get(by)!,
    }))
    gradientErrors = await remote.compareGradients(`${made.url}.bin`, gradients)
    const expected = made.layers.map(({ name, offset }) => ({ layer: indexOf.get(name)!, offset }))
    errors = await remote.compare(`${made.url}.bin`, expected)
  }
  const worst = errors.indexOf(Math.max(...errors))
  await commands.reportRow({
    family: member.family,
    member: member.name,
    format,
    layers: layers.length,
    scannable: layers.filter((layer) => whyNotScannable(layer) === null).length,
    parameters: parameters.reduce((sum, count) => sum + count, 0),
    compared: errors.length,
    worstError: errors[worst] ?? null,
    worstLayer: made.layers[worst]?.name ?? null,
    gradients: gradientErrors.length,
    worstGradient: largest(gradientErrors),
    ownGradient: largest(made.gradients.map(({ ownError }) => ownError)),
    problem: problems[0] ?? null,
  })

  expect(problems).toEqual([])
  expect(facts(network, parameters).toSorted(byName)).toEqual(
    made.layers
      .map(({ name, className, shape, params }) => ({ name, className, shape, params }))
      .toSorted(byName),
  )
  expect(parameters.reduce((sum, count) => sum + count, 0)).toBe(made.parameters)
  expect(await remote.layersWithWrongArrays()).toEqual([])
  const wrong = made.layers.filter((_, i) => made.input && !(errors[i]! <= tolerance))
  expect(wrong.map(({ name }) => name)).toEqual([])
  for (const [i, { of, by, ownError }] of made.gradients.entries())
    expect(gradientErrors[i], `${of} by ${by ?? 'the input'}`).toBeLessThan(
      Math.max(tolerance, Math.min(timesOwnError * ownError, largestOwnError)),
    )
}

function largest(errors: readonly number[]): number | null {
  return errors.length > 0 ? Math.max(...errors) : null
}

describe.each(members)('$name', (member) => {
  let made: Made
  beforeAll(async () => {
    made = await commands.makeMember(member.name)
  })
  afterAll(() => commands.discardMember(member.name))

  it.each(['h5', 'keras'])('saved as .%s is what Keras has and computes', async (format) => {
    const worker = new Worker(new URL('./parity.worker.ts', import.meta.url), { type: 'module' })
    try {
      await compareWithKeras(connect<Parity>(worker as unknown as Endpoint).remote, member, format, made)
    } finally {
      worker.terminate()
    }
  })
})

afterAll(() => commands.finish())
