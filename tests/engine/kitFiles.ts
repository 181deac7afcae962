/** @file Files of the kit of real data, as a browser gets them by a drop. The kit may be missing. */
import { commands } from 'vitest/browser'
import type { ModelFile } from '../../src/engine/model/formats/modelFiles.ts'

/** The path from the root of the project. */
const kit = '../shared/kit/'

/** Null if the kit is not beside the project. */
export function kitText(path: string): Promise<string | null> {
  return commands.readFile(kit + path).then(
    (text): string => text,
    () => null,
  )
}

/** A file of the kit, by its path in it. */
export async function kitFile(path: string): Promise<ModelFile> {
  const text = atob(await commands.readFile(kit + path, 'base64'))
  return { path, file: new File([Uint8Array.from(text, (c) => c.charCodeAt(0))], path.split('/').at(-1)!) }
}

/** A model under `models/`: a file, or the JSON of a TensorFlow.js model with its shards. */
export async function kitModel(path: string): Promise<ModelFile[]> {
  const main = await kitFile(`models/${path}`)
  if (!path.endsWith('.json')) return [main]
  const folder = path.slice(0, path.lastIndexOf('/'))
  const { weightsManifest } = JSON.parse(await main.file.text()) as { weightsManifest: { paths: string[] }[] }
  const shards = weightsManifest.flatMap(({ paths }) => paths)
  return [main, ...(await Promise.all(shards.map((shard) => kitFile(`models/${folder}/${shard}`))))]
}

/** An ONNX model under `onnx/models/`, with the file of its weights if it has one. */
export async function kitOnnxFiles(path: string): Promise<ModelFile[]> {
  const main = await kitFile(`onnx/models/${path}`)
  const beside = ['.data', '_data'].map((ending) => `onnx/models/${path}${ending}`)
  const found = await Promise.all(beside.map((one) => kitFile(one).catch(() => null)))
  return [main, ...found.filter((file) => file !== null)]
}

/** What onnxruntime gives for the kit's ONNX files, by file, as far as a test needs it. */
export async function goldenOnnx<T>(): Promise<Readonly<Record<string, T>>> {
  const text = atob(await commands.readFile(`${kit}onnx/truth/activations_golden.json.gz`, 'base64'))
  const bytes = new Blob([Uint8Array.from(text, (c) => c.charCodeAt(0))])
  const unzipped = bytes.stream().pipeThrough(new DecompressionStream('gzip'))
  return (await new Response(unzipped).json()) as Readonly<Record<string, T>>
}
