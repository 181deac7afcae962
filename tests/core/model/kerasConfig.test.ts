import { describe, expect, it } from 'vitest'
import { type KerasLayer, readKerasConfig } from '../../../src/core/model/keras/kerasConfig.ts'
import {
  inputSpec,
  keras2FunctionalJson,
  keras3FunctionalJson,
  kerasTensor,
  layerJson,
  type LayerSpec,
  sequentialJson,
  spec,
} from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'

function edges(layers: readonly KerasLayer[]): [string, readonly string[]][] {
  return layers.map(({ name, inputs }) => [name, inputs])
}

const conv = spec('Conv2D', 'conv', { filters: 4, kernel_size: 3 })
const relu = spec('ReLU', 'relu')

describe('a Sequential network', () => {
  it('is a chain behind its InputLayer', () => {
    const { name, layers } = readKerasConfig(sequentialJson([inputSpec([8, 8, 3]), conv, relu]))
    expect(name).toBe('chain')
    expect(edges(layers)).toEqual([
      ['image', []],
      ['conv', ['image']],
      ['relu', ['conv']],
    ])
    expect(layers.map(({ className }) => className)).toEqual(['InputLayer', 'Conv2D', 'ReLU'])
    expect(layers[1]!.config).toMatchObject({ filters: 4, kernel_size: 3 })
  })

  it.each([
    ['batch_input_shape of its first layer (Keras 2)', { batch_input_shape: [null, 8, 8, 3] }, {}],
    ['batch_shape of its first layer', { batch_shape: [null, 8, 8, 3] }, {}],
    ['build_input_shape of the model (Keras 3)', {}, { build_input_shape: [null, 8, 8, 3] }],
  ])('without an InputLayer takes the input shape from the %s', (_, config, model) => {
    const first = spec('Conv2D', 'conv', { ...conv.config, ...config })
    const { layers } = readKerasConfig(sequentialJson([first, relu], model))
    expect(edges(layers)).toEqual([
      ['conv_input', []],
      ['conv', ['conv_input']],
      ['relu', ['conv']],
    ])
    expect(layers[0]).toMatchObject({ className: 'InputLayer', config: { batch_shape: [null, 8, 8, 3] } })
  })

  it('may be the bare list of layers that Keras before 2.3 wrote', () => {
    const config = [spec('Conv2D', 'conv', { batch_input_shape: [null, 8, 8, 3] }), relu].map(layerJson)
    const { layers } = readKerasConfig({ class_name: 'Sequential', config })
    expect(edges(layers).slice(1)).toEqual([
      ['conv', ['conv_input']],
      ['relu', ['conv']],
    ])
  })
})

const graph: readonly LayerSpec[] = [
  inputSpec([8, 8, 3]),
  spec('Conv2D', 'left', { filters: 3, kernel_size: 1 }, ['image']),
  spec('Conv2D', 'right', { filters: 3, kernel_size: 3, padding: 'same' }, ['image']),
  spec('Add', 'sum', {}, ['left', 'right']),
  spec('Concatenate', 'joined', { axis: -1 }, ['sum', 'image', 'left']),
]

describe.each([
  ['Keras 2', keras2FunctionalJson],
  ['Keras 3', keras3FunctionalJson],
])('a Functional network in the form of %s', (_, json) => {
  it('has the inputs of each layer in their order', () => {
    expect(edges(readKerasConfig(json(graph)).layers)).toEqual(
      graph.map(({ name, inputs }) => [name, inputs]),
    )
  })

  it('is put into an order of execution, whatever the order in the file', () => {
    const inputsOf = new Map(graph.map(({ name, inputs }) => [name, inputs]))
    for (let seed = 0; seed < 30; seed++) {
      const { layers } = readKerasConfig(json(seeded(seed).shuffled(graph)))
      const done = new Set<string>()
      for (const { name, inputs } of layers) {
        expect(inputs).toEqual(inputsOf.get(name))
        expect(
          inputs.every((input) => done.has(input)),
          `seed ${seed}, ${name}`,
        ).toBe(true)
        done.add(name)
      }
      expect(done.size).toBe(graph.length)
    }
  })

  it('keeps the order of the file where that can be executed', () => {
    expect(readKerasConfig(json(graph)).layers.map(({ name }) => name)).toEqual(graph.map(({ name }) => name))
  })

  it('may use an output twice in one call', () => {
    const twice = [...graph.slice(0, 2), spec('Add', 'double', {}, ['left', 'left'])]
    expect(readKerasConfig(json(twice)).layers.at(-1)!.inputs).toEqual(['left', 'left'])
  })

  it('is refused where layers depend on each other in a circle', () => {
    const circle = [inputSpec([8, 8, 3]), spec('ReLU', 'a', {}, ['b']), spec('ReLU', 'b', {}, ['a'])]
    expect(() => readKerasConfig(json(circle))).toThrow(/layer "[ab]" depends on itself/)
    expect(() => readKerasConfig(json([spec('ReLU', 'own', {}, ['own'])]))).toThrow(
      'layer "own" depends on itself',
    )
  })

  it('is refused where an input is not in the file', () => {
    expect(() => readKerasConfig(json([inputSpec([8, 8, 3]), spec('ReLU', 'a', {}, ['ghost'])]))).toThrow(
      'layer "a" takes the output of "ghost", which is not in the file',
    )
  })

  it('may be a hundred thousand layers deep', () => {
    const deep = Array.from({ length: 100_000 }, (__, i) =>
      spec('ReLU', `r${i}`, {}, [i === 0 ? 'image' : `r${i - 1}`]),
    )
    expect(readKerasConfig(json([...deep.toReversed(), inputSpec([8, 8, 3])])).layers).toHaveLength(100_001)
  })
})

function functional(...layers: unknown[]): unknown {
  return {
    class_name: 'Functional',
    config: { name: 'graph', layers: [{ ...layerJson(inputSpec([8, 8, 3])) }, ...layers] },
  }
}

function called(inboundNodes: unknown): KerasLayer {
  const { layers } = readKerasConfig(functional({ ...layerJson(relu), inbound_nodes: inboundNodes }))
  return layers.find(({ name }) => name === 'relu')!
}

describe('the way a layer is called', () => {
  it('may be one call that is not wrapped in a list (Keras 2)', () => {
    expect(called([['image', 0, 0, {}]])).toMatchObject({ inputs: ['image'] })
    expect(called([['image', 0, 0, {}]])).not.toHaveProperty('problem')
  })

  it('may say that it is not training, and that there is no mask', () => {
    expect(called([[['image', 0, 0, { training: false }]]])).not.toHaveProperty('problem')
    const node = { args: [kerasTensor('image')], kwargs: { training: false, mask: null } }
    expect(called([node])).not.toHaveProperty('problem')
  })

  it.each([
    [
      'an argument that could change the result (Keras 2)',
      [[['image', 0, 0, { training: true }]]],
      'training = true',
    ],
    [
      'an argument that could change the result (Keras 3)',
      [{ args: [kerasTensor('image')], kwargs: { mask: kerasTensor('image') } }],
      'is called with mask = ',
    ],
    ['a constant', [{ args: [kerasTensor('image'), 2.5], kwargs: {} }], 'is called with the constant 2.5'],
    ['another output of a layer', [[['image', 0, 1, {}]]], 'takes output 1 of "image"'],
    ['several calls', [[['image', 0, 0, {}]], [['image', 0, 0, {}]]], 'is used 2 times (shared)'],
  ])('%s is a problem of that layer', (_, inboundNodes, problem) => {
    expect(called(inboundNodes).problem).toContain(problem)
  })
})

it.each([
  ['text', 'hello', 'it is not an object'],
  ['a list', [], 'it is not an object'],
  ['nothing', null, 'it is not an object'],
  ['a model of another class', { class_name: 'Transformer', config: {} }, 'the model is of type Transformer'],
  ['no class', {}, 'the model is of type undefined'],
  ['no config', { class_name: 'Functional' }, 'it has no config'],
  ['no layers', { class_name: 'Sequential', config: {} }, 'its list of layers is missing'],
  [
    'a layer that is a number',
    { class_name: 'Sequential', config: { layers: [3] } },
    'a layer is not an object',
  ],
  [
    'a layer without a config',
    { class_name: 'Sequential', config: { layers: [{ class_name: 'ReLU' }] } },
    'a layer has no config',
  ],
  [
    'a layer without a name',
    { class_name: 'Sequential', config: { layers: [{ class_name: 'ReLU', config: {} }] } },
    'a layer has no name',
  ],
])('%s is no network: it says why', (_, json, reason) => {
  expect(() => readKerasConfig(json)).toThrow(reason)
})
