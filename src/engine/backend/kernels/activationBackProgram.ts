/**
 * @file The gradient before an activation function, from that behind it:
 *
 *     out = gradient · f′(x)
 *
 * where f′ is known by the function's argument or by its output.
 */
import { makeActivation } from './convolution/activated.ts'
import type { Activation } from './convolution/shape.ts'
import { type Arithmetic, floatBytes, forTiles, lanes } from './convolution/tiles.ts'
import { loadF32x4 } from './writer/memory.ts'
import { type FunctionWriter, writeProgram } from './writer/program.ts'
import { F32x4, I32, type Local, f32x4 } from './writer/values.ts'

export interface ActivationBackProgram {
  /** `known` is the argument or the output, `count` numbers of each: no fewer than a tile has. */
  back(gradient: number, known: number, count: number, out: number): void
}

/** Functions whose way back there is a program for, and whether `known` is their output. */
export const knownByOutput = {
  relu: true,
  relu6: true,
  leaky_relu: true,
  sigmoid: false,
  silu: false,
  hard_silu: false,
} as const

export type BackActivation =
  | { readonly fn: Exclude<keyof typeof knownByOutput, 'leaky_relu'> }
  | Extract<Activation, { fn: 'leaky_relu' }>

/** Numbers of a tile, if there are as many; else of the smallest one. */
export const tileWidths = [4 * lanes, lanes] as const

export function activationBackProgram(
  activation: BackActivation,
  width: (typeof tileWidths)[number],
  arithmetic: Arithmetic,
): Uint8Array<ArrayBuffer> {
  return writeProgram({
    back(f) {
      const [gradient, known, count, out] = [f.parameter(), f.parameter(), f.parameter(), f.parameter()]
      const [index, at] = [f.local(I32), f.local(I32)]
      const [g, x] = [f.local(F32x4), f.local(F32x4)]
      const before = makeBefore(f, activation, arithmetic)
      forTiles(f, index, { end: count, width }, () => {
        f.set(at, index.mul(floatBytes))
        for (let i = 0; i < width; i += lanes) {
          f.set(g, loadF32x4(gradient.add(at), i * floatBytes))
          f.set(x, loadF32x4(known.add(at), i * floatBytes))
          f.store(out.add(at), before(g, x), i * floatBytes)
        }
      })
    },
  })
}

type Before = (gradient: Local<F32x4>, known: Local<F32x4>) => F32x4

function makeBefore(f: FunctionWriter, activation: BackActivation, arithmetic: Arithmetic): Before {
  const keep = (value: number): Local<F32x4> => f.keep(f32x4(value))
  const [zero, one] = [keep(0), keep(1)]
  switch (activation.fn) {
    case 'relu':
      return (g, y) => y.gt(zero).bitselect<F32x4>(g, zero)
    case 'relu6': {
      const six = keep(6)
      return (g, y) => y.gt(zero).and(y.lt(six)).bitselect<F32x4>(g, zero)
    }
    case 'leaky_relu': {
      const slope = keep(activation.slope)
      return (g, y) => y.gt(zero).bitselect<F32x4>(g, g.mul(slope))
    }
    case 'sigmoid': {
      const sigmoid = makeActivation(f, { fn: 'sigmoid' }, arithmetic)
      // 1 less the function has no digits left where that is near 1.
      return (g, x) => g.mul(sigmoid(x)).mul(sigmoid(zero.sub(x)))
    }
    case 'silu': {
      const sigmoid = makeActivation(f, { fn: 'sigmoid' }, arithmetic)
      return (g, x) => {
        const s = f.keep(sigmoid(x))
        return g.mul(s).mul(one.add(x.mul(one.sub(s))))
      }
    }
    case 'hard_silu': {
      const [three, minusThree] = [keep(3), keep(-3)]
      const [third, half] = [keep(1 / 3), keep(0.5)]
      // Below −3 it is 0, above 3 it is 1, between them (2x + 3) / 6; at the kinks TensorFlow takes the sides of a constant.
      return (g, x) => {
        const inner = f.keep(x.mul(third).add(half))
        const isAbove = x.ge(three)
        const slope = x.gt(minusThree).bitselect<F32x4>(inner, zero)
        return g.mul(isAbove.bitselect<F32x4>(one, slope))
      }
    }
  }
}
