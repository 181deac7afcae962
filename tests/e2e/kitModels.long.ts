/** The kit's real models, dropped: each opens or is refused with the right sentence; models in two formats agree. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { dismissNotices, kit, usePerson, useStayingPerson } from './person.ts'

const folder = `${kit}models/`
const hasKit = existsSync(folder)
if (!hasKit) console.log(`The kit is not at ${kit}: its models are not tried.`)

const models = hasKit
  ? readFileSync(`${folder}manifest.tsv`, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t')[0]!.replace(/^models\//, ''))
  : []

/** All others open. */
const refused: Readonly<Record<string, RegExp>> = {
  'tfjs-layers/ml5-crepe-pitch/': /its input has shape \[\?,1024\], which is no image/,
  'tfjs-layers/tfjs-e2e-layers/': /its input has shape \[\?,10\], which is no image/,
  'tfjs-graph/tfjs-examples-angular-prefetch/': /it has 2 inputs \(cur_page, session_index\)/,
  'tfjs-graph/tfjs-e2e-graph/': /its input has shape \[2, 2\], which is no image/,
  'incomplete-tfjs/posenet-stride16-shard1-missing/':
    /shard group1-shard1of2\.bin is not among the dropped files/,
  'incomplete-tfjs/mobilenet_v1_1.0_224-shard37-missing/':
    /shard group37-shard1of1 is not among the dropped files/,
  'keras2-h5/mlcommons-ad01.h5': /its input has shape \[\?,640\], which is no image/,
  'keras2-h5/mlcommons-str_ww_ref_model.h5':
    /its input has shape \[30, 1, 40\]: images have 1, 3 or 4 channels/,
  'keras3/keras-team-pre_pr22362_nested_container.keras': /the model is of type NestedDenseModel/,
  'unsupported-formats/vww_96_float.tflite': /it is a TensorFlow Lite model/,
  'unsupported-formats/kws_saved_model.pb': /it is a SavedModel of TensorFlow.*tensorflowjs_converter/,
}
const refusedKinds: readonly [RegExp, RegExp][] = [
  [/face-api-.*-shard1$/, /it is a shard of weights of a TensorFlow\.js model/],
  [/face-api-.*manifest\.json$/, /it is a weights manifest of face-api\.js/],
]

function filesOf(model: string): string[] {
  const at = folder + model
  return statSync(at).isDirectory() ? readdirSync(at).map((name) => path.join(at, name)) : [at]
}

/** Opens a model, and waits until it is open or a notice says why not. */
async function open(page: Page, model: string): Promise<void> {
  await dismissNotices(page)
  const before = await page.evaluateHandle(() => window.urpatch!.state().model)
  await page.getByLabel('Model file').setInputFiles(filesOf(model))
  await page.waitForFunction((was) => {
    const { model: opened, notices } = window.urpatch!.state()
    return opened !== was || notices.length > 0
  }, before)
}

describe.skipIf(!hasKit)('the kit’s models, one after the other', () => {
  const person = useStayingPerson()
  beforeAll(() => person.page.goto(inject('url')))

  it.each(models)('%s', async (model) => {
    const { page } = person
    const namesOf = () => window.urpatch!.state().model?.network.layers.map(({ name }) => name) ?? []
    const before = await page.evaluate(namesOf)
    await open(page, model)
    const texts = await page.evaluate(() => window.urpatch!.state().notices.map(({ text }) => text))
    const layers = await page.evaluate(namesOf)
    const sentence = refused[model] ?? refusedKinds.find(([name]) => name.test(model))?.[1]
    if (sentence) {
      expect(layers).toEqual(before)
      expect(texts).toEqual([expect.stringMatching(sentence)])
    } else {
      // Layers that are not computed are reported in a notice; that is no failure.
      expect(layers.length, texts.join()).toBeGreaterThan(2)
      for (const text of texts) expect(text).toContain(' is open, but ')
    }
  })
})

describe.skipIf(!hasKit)('the kit’s models in two formats', () => {
  const person = usePerson()

  // These are a hundred pictures of all twelve classes.
  const pictures = mkdtempSync(path.join(tmpdir(), 'urpatch-twins-'))
  beforeAll(() => {
    const photos = `${kit}seed/cats-dogs-plants/`
    const folders = readdirSync(photos, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const files = folders.flatMap(({ name }) =>
      readdirSync(photos + name)
        .toSorted()
        .slice(0, 9)
        .map((file) => path.join(name, file)),
    )
    for (const file of files.slice(0, 100)) {
      mkdirSync(path.join(pictures, path.dirname(file)), { recursive: true })
      copyFileSync(photos + file, path.join(pictures, file))
    }
  })
  afterAll(() => rmSync(pictures, { recursive: true }))

  // The number of layers that match: all but those that a folded batch normalization has swallowed.
  it.each([
    ['keras3/07subhadip-Subhadip_Hensh_MNIST_CNN.keras', 'tfjs-graph/mnist-cnn-subhadip/', 6],
    ['keras3/07subhadip-Digit_Recognition_MLP.keras', 'tfjs-graph/mnist-mlp-subhadip/', 3],
    ['keras2-h5/oarriaga-fer2013_big_XCEPTION.54-0.66.hdf5', 'tfjs-graph/vladmandic-emotion/', 18],
  ])('%s and %s, the same network, have the same top patches on 100 images', async (keras, graph, count) => {
    const [first, second] = [await topPatches(keras), await topPatches(graph)]
    // A layer is found in the other file by its shape and by the top patches of its channels.
    const matched = first.filter((layer) => second.some((other) => agree(layer, other)))
    expect(matched.length).toBe(count)
    expect(agree(first.at(-1)!, second.at(-1)!), 'the classes').toBe(true)
  })

  interface Top {
    readonly shape: string
    readonly channels: readonly (readonly { image: number; activation: number; position: number }[])[]
  }

  const topPatches = async (model: string): Promise<Top[]> => {
    const { page } = person
    await page.goto(inject('url'))
    await open(page, model)
    await page.getByLabel('Image folder').setInputFiles(pictures)
    await page.waitForFunction(() => window.urpatch!.state().images)
    return page.evaluate(async () => {
      await window.urpatch!.scan('all')
      const { results, model: opened } = window.urpatch!.state()
      return opened!.network.layers.flatMap((layer) => {
        const result = results.get(layer.name)
        if (!result || layer.op === null) return []
        const { topK } = result
        const channels = Array.from({ length: topK.channels }, (_, c) =>
          topK.entries(c).map(({ image, activation, position }) => ({ image, activation, position })),
        )
        return [{ shape: layer.shape.join(), channels }]
      })
    })
  }

  /** Whether every channel has the same patches. If activations are equal up to rounding, the order may differ. */
  const agree = (a: Top, b: Top): boolean => {
    if (a.shape !== b.shape) return false
    const scale = Math.max(...a.channels.flat().map(({ activation }) => Math.abs(activation)), 1e-6)
    return a.channels.every((entries, c) => {
      const others = b.channels[c]!
      return entries.every(({ image, activation }, i) => {
        if (Math.abs((others[i]?.activation ?? Number.NaN) - activation) > 1e-4 * scale) return false
        // At the end of the list, one of two equal patches may be missing.
        const last = entries.at(-1)!.activation
        return activation - last <= 1e-4 * scale || others.some((other) => other.image === image)
      })
    })
  }
})
