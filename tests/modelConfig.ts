/** @file Reads the configuration inside a model file in Node, as the engine's formats do in a worker. */
import { readFileSync, statSync } from 'node:fs'
import { File as H5File, ready } from 'h5wasm/node'
import { readZip } from '../src/engine/archives/zip.ts'

export interface ModelConfig {
  readonly config: unknown
  readonly kerasMajor: number
}

/** The configuration of a Keras `.h5`, a `.keras`, or the folder of a TensorFlow.js layers model. */
export async function readModelConfig(file: string): Promise<ModelConfig> {
  if (statSync(file).isDirectory()) {
    const { modelTopology } = JSON.parse(readFileSync(`${file}/model.json`, 'utf8')) as {
      modelTopology: { model_config?: unknown; keras_version?: string }
    }
    return {
      config: modelTopology.model_config ?? modelTopology,
      kerasMajor: major(modelTopology.keras_version),
    }
  }
  return file.endsWith('.keras') ? readKeras(file) : readH5(file)
}

async function readKeras(file: string): Promise<ModelConfig> {
  const entries = await readZip(new Blob([new Uint8Array(readFileSync(file))]), file)
  const entry = entries.find(({ path }) => path.endsWith('config.json'))
  if (!entry) throw new Error(`${file} holds no config.json`)
  return { config: JSON.parse(await (await entry.blob()).text()), kerasMajor: 3 }
}

async function readH5(file: string): Promise<ModelConfig> {
  await ready
  const h5 = new H5File(file, 'r')
  try {
    const text = (name: string): string => String(h5.attrs[name]?.value ?? '')
    return { config: JSON.parse(text('model_config')), kerasMajor: major(text('keras_version')) }
  } finally {
    h5.close()
  }
}

function major(version: string | undefined): number {
  return Number.parseInt(version || '2', 10) || 2
}
