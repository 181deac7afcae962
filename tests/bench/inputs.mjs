/** @file The networks and images of the bench: from the kit beside the project, made for it, or the demo's. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { root } from '../../src/cli/install.mjs'

const kit = path.join(root, '../shared/kit')
const seed = path.join(kit, 'seed')
/** Files that are made for the bench are kept here for the next run. */
const made = path.join(os.tmpdir(), 'urpatch-bench')

/**
 * @typedef BenchNetwork
 * @property {string} name
 * @property {readonly string[]} files
 * @property {string | null} layer The layer whose scan is measured; null: the last one with a map.
 */

/** @typedef {{ readonly path: string, readonly isFolder: boolean }} BenchImages */

/** The folder of generated things. */
export function madeFolder() {
  mkdirSync(made, { recursive: true })
  return made
}

/** The demo's network has the exercise's architecture. */
export const demo = {
  network: network('demo', [path.join(root, 'public/demo/model.h5')], 'conv2d_5'),
  images: { path: path.join(root, 'public/demo/images.zip'), isFolder: false },
  isKit: false,
}

/** The exercise's own images and network; the demo's if they are missing. */
export const exercise = existsSync(path.join(seed, 'animals_and_plants.h5'))
  ? {
      network: network('exercise', [path.join(seed, 'animals_and_plants.h5')], 'conv2d_5'),
      images: { path: path.join(seed, 'cats-dogs-plants'), isFolder: true },
      isKit: true,
    }
  : demo

/** MobileNetV2 from the kit, otherwise made by Keras; null if neither is there. */
export function mobileNet() {
  const folder = path.join(kit, 'models/tfjs-layers/nsfwjs-mobilenet_v2-quant')
  if (!existsSync(folder)) return madeNetwork('MobileNetV2')
  return network(
    'MobileNetV2',
    readdirSync(folder).map((name) => path.join(folder, name)),
    null,
  )
}

/** ResNet50, made by Keras; null if there is no TensorFlow. */
export function resNet() {
  return madeNetwork('ResNet50')
}

/** ResNet50 as both exporters of PyTorch write it; empty if there is no torchvision. */
export function torchNetworks() {
  const names = ['resnet50-torchscript', 'resnet50-dynamo']
  const filesOf = (/** @type {string} */ name) =>
    ['.onnx', '.onnx.data']
      .map((end) => path.join(madeFolder(), name + end))
      .filter((file) => existsSync(file))
  if (names.some((name) => filesOf(name).length === 0)) {
    const python = pythonWith('torchvision', process.env['URPATCH_TORCH'])
    if (!python) return []
    console.error('  Exporting ResNet50 with PyTorch …')
    execFileSync(python, [path.join(root, 'tests/make/make_bench_onnx.py'), made], {
      stdio: ['ignore', 'ignore', 'ignore'],
    })
  }
  return names.map((name) => network(name, filesOf(name), null))
}

/** A Python with TensorFlow, URPATCH_PYTHON first; null if there is none. */
export function findPython() {
  return pythonWith('tensorflow', process.env['URPATCH_PYTHON'])
}

function pythonWith(/** @type {string} */ name, /** @type {string | undefined} */ first) {
  const candidates = [first, '/tmp/kv/bin/python', 'python3']
  return candidates.find((command) => command && hasPackage(command, name)) ?? null
}

/** A small network with most kinds of layers, which takes little time for many images. */
export const smallNetwork = network('small', [path.join(root, 'tests/fixtures/sequential.h5')], null)

function madeNetwork(/** @type {string} */ name) {
  const file = path.join(madeFolder(), `${name}.h5`)
  if (!existsSync(file)) {
    const python = findPython()
    if (!python) return null
    console.error(`  Making ${name} with Keras …`)
    execFileSync(python, [path.join(root, 'tests/make/make_bench_models.py'), made, name], {
      stdio: ['ignore', 'ignore', 'ignore'],
    })
  }
  return network(name, [file], null)
}

function hasPackage(/** @type {string} */ command, /** @type {string} */ name) {
  try {
    const probe = `import importlib.util as u; raise SystemExit(u.find_spec("${name}") is None)`
    execFileSync(command, ['-c', probe], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/**
 * @param {string} name
 * @param {readonly string[]} files
 * @param {string | null} layer
 * @returns {BenchNetwork}
 */
function network(name, files, layer) {
  return { name, files, layer }
}
