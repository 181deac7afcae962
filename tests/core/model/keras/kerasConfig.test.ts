import { describe, expect, it } from 'vitest'
import { mostLayers, TooManyLayers } from '../../../../src/core/model/mostLayers.ts'
import {
  type KerasLayer,
  type KerasModel,
  readKerasConfig as read,
} from '../../../../src/core/model/keras/kerasConfig.ts'
import {
  inputSpec,
  keras2FunctionalJson,
  keras3FunctionalJson,
  kerasTensor,
  layerJson,
  type LayerSpec,
  sequentialJson,
  spec,
} from '../../../fixtures/kerasModels.ts'
import { seeded } from '../../../fixtures/random.ts'

function readKerasConfig(json: unknown, kerasMajor = 3): KerasModel {
  return read(json, kerasMajor)
}

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
    const { layers } = readKerasConfig({ class_name: 'Sequential', config }, 2)
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

  it('may be as deep as a network may have layers', () => {
    const deep = Array.from({ length: mostLayers }, (__, i) =>
      spec('ReLU', `r${i}`, {}, [i === 0 ? 'image' : `r${i - 1}`]),
    )
    expect(readKerasConfig(json([...deep.toReversed(), inputSpec([8, 8, 3])])).layers).toHaveLength(
      mostLayers + 1,
    )
    expect(() => readKerasConfig(json([...deep, spec('ReLU', 'last', {}, ['r0'])]))).toThrow(
      new TooManyLayers(mostLayers + 1),
    )
  })
})

function functional(...layers: unknown[]): unknown {
  return {
    class_name: 'Functional',
    config: { name: 'graph', layers: [{ ...layerJson(inputSpec([8, 8, 3])) }, ...layers] },
  }
}

function called(inboundNodes: unknown, kerasMajor = 3): KerasLayer {
  const json = functional({ ...layerJson(relu), inbound_nodes: inboundNodes })
  return readKerasConfig(json, kerasMajor).layers.find(({ name }) => name === 'relu')!
}

const image = kerasTensor('image')

describe('the way a layer is called', () => {
  it('may be one call that is not wrapped in a list (Keras 2)', () => {
    expect(called([['image', 0, 0, {}]])).toMatchObject({ inputs: ['image'] })
    expect(called([['image', 0, 0, {}]])).not.toHaveProperty('problem')
  })

  it('may say that it is not training, and that there is no mask', () => {
    expect(called([[['image', 0, 0, { training: false }]]], 2)).not.toHaveProperty('problem')
    const node = { args: [image], kwargs: { training: false, mask: null } }
    expect(called([node])).not.toHaveProperty('problem')
  })

  it('may say that it is training where Keras 3 overrides that when it predicts, but not in Keras 2', () => {
    expect(called([{ args: [image], kwargs: { training: true } }])).not.toHaveProperty('problem')
    expect(called([[['image', 0, 0, { training: true }]]], 2).problem).toBe('is called with training = true')
  })

  it.each([
    ['a constant behind the tensor (Keras 3)', [{ args: [image, 2.5], kwargs: {} }], ['tensor', 2.5]],
    ['a constant before the tensor (Keras 3)', [{ args: [2, image], kwargs: {} }], [2, 'tensor']],
    ['one number a channel', [{ args: [image, [1, 2, 3]], kwargs: {} }], ['tensor', [1, 2, 3]]],
    ['a constant behind (Keras 2)', [['image', 0, 0, { y: 3, name: null }]], ['tensor', 3]],
    ['a constant before (Keras 2)', [['_CONSTANT_VALUE', -1, 2, { y: ['image', 0, 0] }]], [2, 'tensor']],
  ])('with %s keeps the order of its operands', (_, inboundNodes, operands) => {
    expect(called(inboundNodes)).toMatchObject({ inputs: ['image'], operands })
  })

  it('takes tensors from the keywords of TensorFlow’s functions (Keras 2)', () => {
    const layer = called([['image', 0, 0, { y: ['image', 0, 0], name: null }]])
    expect(layer.inputs).toEqual(['image', 'image'])
    expect(layer).not.toHaveProperty('operands')
  })

  it.each([
    ['a keyword', [{ args: [image], kwargs: { axis: 1 } }], { 'call:axis': 1 }],
    ['a keyword (Keras 2)', [[['image', 0, 0, { axis: 1 }]]], { 'call:axis': 1 }],
    ['a mask', [{ args: [image], kwargs: { mask: image } }], { 'call:mask': 'a tensor' }],
    ['a text in place', [{ args: [image, 'same'], kwargs: {} }], { 'call:1': 'same' }],
  ])('with %s that may change the result hands it to the kind of layer', (_, inboundNodes, config) => {
    expect(called(inboundNodes).config).toMatchObject(config)
  })

  it('is a problem where it takes an output that the layer does not have', () => {
    expect(called([[['image', 0, 1, {}]]]).problem).toContain('takes output 1 of "image"')
  })
})

describe('a layer that is called more than once', () => {
  const shared = {
    ...layerJson(conv),
    inbound_nodes: [
      { args: [image], kwargs: {} },
      { args: [kerasTensor('conv')], kwargs: {} },
    ],
  }

  it('appears once a call, with one node', () => {
    const { layers } = readKerasConfig(functional(shared))
    expect(edges(layers)).toEqual([
      ['image', []],
      ['conv', ['image']],
      ['conv@2', ['conv']],
    ])
    expect(layers[2]!.node).toBe(layers[1]!.node)
  })

  /** One layer sees two views, and each call has a reader of its own: a siamese network. */
  const views = [spec('MaxPooling2D', 'near', {}, ['image']), spec('AveragePooling2D', 'far', {}, ['image'])]
  const heads = [
    ['image', []],
    ['near', ['image']],
    ['far', ['image']],
    ['conv', ['near']],
    ['conv@2', ['far']],
    ['of first', ['conv']],
    ['of second', ['conv@2']],
    ['of both', ['conv@2', 'conv']],
  ]

  it('gives each reader the call that it names (Keras 2)', () => {
    const json = keras2FunctionalJson([inputSpec([8, 8, 3]), ...views]) as { config: { layers: unknown[] } }
    const calls = (name: string, className: string, ...nodes: unknown[]): unknown => ({
      ...layerJson(spec(className, name)),
      name,
      inbound_nodes: nodes,
    })
    json.config.layers.push(
      calls('conv', 'Conv2D', [['near', 0, 0, {}]], [['far', 0, 0, {}]]),
      calls('of first', 'ReLU', [['conv', 0, 0, {}]]),
      calls('of second', 'ReLU', [['conv', 1, 0, {}]]),
      calls('of both', 'Subtract', [
        ['conv', 1, 0, {}],
        ['conv', 0, 0, {}],
      ]),
    )
    expect(edges(readKerasConfig(json, 2).layers)).toEqual(heads)
  })

  it('gives each reader the call that it names (Keras 3)', () => {
    const ofCall = (call: number): unknown => ({
      class_name: '__keras_tensor__',
      config: { keras_history: ['conv', call, 0] },
    })
    const calls = (name: string, className: string, ...args: unknown[]): unknown => ({
      ...layerJson(spec(className, name)),
      name,
      inbound_nodes: args.map((tensors) => ({ args: [tensors], kwargs: {} })),
    })
    const json = keras3FunctionalJson([inputSpec([8, 8, 3]), ...views]) as { config: { layers: unknown[] } }
    json.config.layers.push(
      calls('conv', 'Conv2D', kerasTensor('near'), kerasTensor('far')),
      calls('of first', 'ReLU', ofCall(0)),
      calls('of second', 'ReLU', ofCall(1)),
      calls('of both', 'Subtract', [ofCall(1), ofCall(0)]),
    )
    expect(edges(readKerasConfig(json, 3).layers)).toEqual(heads)
  })
})

describe('a model within a model', () => {
  const backbone = (name: string, inboundNodes: unknown, form = keras3FunctionalJson): unknown => {
    const inner = form([inputSpec([8, 8, 3], 'in'), spec('Conv2D', 'c', conv.config, ['in'])]) as {
      config: object
    }
    return {
      class_name: 'Functional',
      name,
      config: { ...inner.config, name, input_layers: ['in', 0, 0], output_layers: [['c', 0, 0]] },
      inbound_nodes: inboundNodes,
    }
  }

  it('is replaced by its layers, named by the way to them', () => {
    const json = functional(backbone('backbone', [{ args: [image], kwargs: {} }]), {
      ...layerJson(relu),
      inbound_nodes: [{ args: [kerasTensor('backbone')], kwargs: {} }],
    })
    const { layers, root } = readKerasConfig(json)
    expect(edges(layers)).toEqual([
      ['image', []],
      ['backbone/c', ['image']],
      ['relu', ['backbone/c']],
    ])
    expect(root.children.map(({ name }) => name)).toEqual(['image', 'backbone', 'relu'])
    expect(layers[1]!.node.parent).toBe(root.children[1])
  })

  it('is there twice where it is called twice, with the same nodes', () => {
    const json = functional(
      backbone('twin', [[['image', 0, 0, {}]], [['twin', 0, 0, {}]]], keras2FunctionalJson),
    )
    const { layers } = readKerasConfig(json, 2)
    expect(edges(layers).slice(1)).toEqual([
      ['twin/c', ['image']],
      ['twin@2/c', ['twin/c']],
    ])
    expect(layers[2]!.node).toBe(layers[1]!.node)
  })

  it('gives each reader the call that it names', () => {
    const json = functional(
      backbone('twin', [[['image', 0, 0, {}]], [['image', 0, 0, {}]]], keras2FunctionalJson),
      { ...layerJson(relu), inbound_nodes: [[['twin', 1, 0, {}]]] },
    )
    expect(edges(readKerasConfig(json, 2).layers).slice(1)).toEqual([
      ['twin/c', ['image']],
      ['twin@2/c', ['image']],
      ['relu', ['twin@2/c']],
    ])
  })

  it('may begin a Sequential, which then takes the input shape from it', () => {
    const json = {
      class_name: 'Sequential',
      config: { name: 'top', layers: [backbone('backbone', undefined), layerJson(relu)] },
    }
    const { layers } = readKerasConfig(json)
    expect(edges(layers)).toEqual([
      ['backbone_input', []],
      ['backbone/c', ['backbone_input']],
      ['relu', ['backbone/c']],
    ])
    expect(layers[0]!.config).toMatchObject({ batch_shape: [null, 8, 8, 3] })
  })

  it('may be a Sequential in a Sequential', () => {
    const inner = { ...sequentialJson([inputSpec([8, 8, 3], 'in'), conv]), name: 'inner' }
    const json = { class_name: 'Sequential', config: { layers: [layerJson(inputSpec([8, 8, 3])), inner] } }
    expect(edges(readKerasConfig(json).layers)).toEqual([
      ['image', []],
      ['inner/conv', ['image']],
    ])
  })

  it('is expanded too where it is of the user’s own class', () => {
    const own = { ...(backbone('own', [{ args: [image], kwargs: {} }]) as object), class_name: 'lab>Trainer' }
    expect(readKerasConfig(functional(own)).layers.map(({ name }) => name)).toEqual(['image', 'own/c'])
  })
})

it.each([
  ['text', 'hello', 'it is not an object'],
  ['a list', [], 'it is not an object'],
  ['nothing', null, 'it is not an object'],
  ['a model of another class', { class_name: 'Transformer', config: {} }, 'the model is of type Transformer'],
  ['nothing in it', {}, 'it has no config'],
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
