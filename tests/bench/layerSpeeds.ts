/**
 * @file Runs in the page of `kernels.mjs`: how fast the convolutions of single layers are, ours and tfjs'. The machine
 * may be busy with other things, so a figure is the least time of many turns, each short enough for a slice of the
 * processor.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { kernelFor } from '../../src/core/model/convolutionKernels.ts'
import { useBackend } from '../../src/engine/backend/tfjsBackend.ts'
import { arithmeticOf } from '../../src/engine/backend/kernels/convolution/job.ts'
import { chooseConvolutions } from '../../src/engine/backend/kernels/convolution/choice.ts'
import { wasmPrograms } from '../../src/engine/backend/kernels/wasmProgram.ts'
import { writeProgram } from '../../src/engine/backend/kernels/writer/program.ts'
import { F32x4, f32x4 } from '../../src/engine/backend/kernels/writer/values.ts'

export interface Layer {
  readonly name: string
  /** Rows and columns of the map, and its channels. */
  readonly size: number
  readonly channels: number
  /** Output channels; null: depthwise. */
  readonly filters: number | null
  readonly kernel: number
  readonly stride: number
  readonly padding: 'same' | 'valid'
}

export interface Speed {
  /** Of ours. */
  readonly kernel: 'direct' | 'winograd' | 'depthwise'
  /** Operations a nanosecond, of direct convolution whatever the kernel. */
  readonly ours: number
  readonly tfjs: number
}

/** Long beside the tenth of a millisecond that a page's clock counts in. */
const turnMs = 10
const turns = 25

/** Milliseconds that a call takes. */
function leastMs(call: () => void): number {
  const turn = (calls: number): number => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) call()
    return performance.now() - start
  }
  // The first calls run code that is not optimised yet, so their time says little of how many fill a turn.
  let calls = 1
  while (turn(calls) < turnMs) calls *= 2
  return Math.min(...Array.from({ length: turns }, () => turn(calls) / calls))
}

export async function measureLayer(layer: Layer): Promise<Speed> {
  await useBackend('wasm')
  const { size, channels, filters, kernel, stride, padding } = layer
  const x = tf.randomUniform<tf.Rank.R4>([1, size, size, channels], -1, 1)
  const isDepthwise = filters === null
  const filter = tf.randomUniform<tf.Rank.R4>([kernel, kernel, channels, filters ?? 1], -1, 1)
  const bias = tf.zeros<tf.Rank.R1>([filters ?? channels])
  const convolve = isDepthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d
  const run = (): tf.Tensor =>
    convolve({ x, filter, bias, strides: stride, pad: padding, activation: 'relu' })
  const [, outSize] = run().shape as [number, number, number, number]
  const operations = 2 * outSize ** 2 * kernel ** 2 * channels * (filters ?? 1)
  const speed = (convolutions: 'fast' | 'tfjs'): number => {
    chooseConvolutions(convolutions)
    return operations / (leastMs(() => run().dispose()) * 1e6)
  }
  // In turns, and the better one: a busy moment may last for all of one's turns.
  const [tfjs, ours] = [Math.max(speed('tfjs'), speed('tfjs')), Math.max(speed('fast'), speed('fast'))]
  tf.dispose([x, filter, bias])
  const pair = (number: number): [number, number] => [number, number]
  const shape = {
    height: size,
    width: size,
    inChannels: channels,
    outChannels: filters ?? channels,
    outHeight: outSize,
    outWidth: outSize,
    kernel: pair(kernel),
    strides: pair(stride),
    dilation: pair(1),
    margins: { top: 0, bottom: 0, left: 0, right: 0 },
    groups: 1,
  }
  return { kernel: isDepthwise ? 'depthwise' : kernelFor(shape), ours, tfjs }
}

/** Independent sums: more than an instruction takes cycles, times the instructions that begin in one. */
const chains = 12

/** What no kernel can pass: operations a nanosecond of multiplications and additions alone, and how they are done. */
export async function measureWall(): Promise<{ readonly wall: number; readonly arithmetic: string | null }> {
  await useBackend('wasm')
  const backend = tf.backend() as BackendWasm
  const arithmetic = arithmeticOf(backend)
  if (!arithmetic) return { wall: 0, arithmetic }
  const rounds = 100_000
  const program = wasmPrograms()<{ run(address: number, count: number): void }>(backend, 'wall', () =>
    writeProgram({
      run(f) {
        const [address, count] = [f.parameter(), f.parameter()]
        const factor = f.keep(f32x4(0.999))
        const sums = Array.from({ length: chains }, () => f.local(F32x4))
        f.repeat(() => {
          for (const sum of sums)
            f.set(sum, arithmetic === 'fused' ? sum.relaxedMadd(factor, factor) : sum.mul(factor).add(factor))
          f.step(count, -1)
          return count
        })
        for (const sum of sums) f.store(address, sum)
      },
    }),
  )
  const room = tf.zeros([4])
  const { byteOffset } = backend.typedArrayFromHeap(room)
  const ms = leastMs(() => program.run(byteOffset, rounds))
  room.dispose()
  return { wall: (rounds * chains * 8) / (ms * 1e6), arithmetic }
}
