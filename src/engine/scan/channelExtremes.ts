/**
 * @file The kernel `ChannelExtremes`: of a map `[N, H, W, C]`, per image and channel, the maximum and where it is, the
 * minimum, how many units fire, and whether one was NaN, as `[N, C, 2, 4]`. On ties the first place in row-major
 * order counts, as in `np.argmax`. NaN units are left out. Only this small tensor is read back.
 *
 * Registered for each backend under one name, as tfjs registers its own kernels. Row and column are apart, and so are
 * the parts of the count, because half-float textures hold whole numbers up to 2048 only.
 */
import * as tf from '@tensorflow/tfjs'
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

export const kernelName = 'ChannelExtremes'

/** Numbers a channel, and the place of each. A packed texel of WebGL holds places 0, 1, 4, 5 or 2, 3, 6, 7. */
export const extremes = 8
export const place = { max: 0, row: 1, firingHigh: 2, firingLow: 3, column: 4, min: 5, nan: 6 } as const
/** Firing units are `firingHigh` times this plus `firingLow`. */
export const firingUnit = 2048

/** `x` is `[N, H, W, C]` and stays the caller's. */
export function channelExtremes(x: tf.Tensor4D): tf.Tensor4D {
  return tf.engine().runKernel(kernelName, { x })
}

type Map4D = readonly [number, number, number, number]

/** The obvious loop, for backends whose tensors lie in memory. */
function extremesOf(values: Float32Array, [images, height, width, channels]: Map4D): Float32Array {
  const out = new Float32Array(images * channels * extremes)
  const max = new Float32Array(channels)
  const min = new Float32Array(channels)
  const at = new Uint32Array(channels)
  const firing = new Uint32Array(channels)
  const nan = new Uint8Array(channels)
  let i = 0
  for (let n = 0; n < images; n++) {
    max.fill(-Infinity)
    min.fill(Infinity)
    for (const array of [at, firing, nan]) array.fill(0)
    for (let p = 0; p < height * width; p++) {
      for (let c = 0; c < channels; c++) {
        const value = values[i++]!
        if (value > max[c]!) {
          max[c] = value
          at[c] = p
        }
        // Written so that NaN, which is not at least anything, gets in.
        if (!(value >= min[c]!)) {
          if (value < min[c]!) min[c] = value
          else nan[c] = 1
        }
        if (value > 0) firing[c]! += 1
      }
    }
    for (let c = 0; c < channels; c++) {
      const o = (n * channels + c) * extremes
      out[o + place.max] = max[c]!
      out[o + place.row] = Math.floor(at[c]! / width)
      out[o + place.column] = at[c]! % width
      out[o + place.min] = min[c]!
      out[o + place.firingHigh] = Math.floor(firing[c]! / firingUnit)
      out[o + place.firingLow] = firing[c]! % firingUnit
      out[o + place.nan] = nan[c]!
    }
  }
  return out
}

tf.registerKernel({
  kernelName,
  backendName: 'wasm',
  kernelFunc({ inputs, backend }) {
    const wasm = backend as BackendWasm
    const x = inputs['x']!
    const result = extremesOf(wasm.typedArrayFromHeap(x) as Float32Array, x.shape as unknown as Map4D)
    const out = wasm.makeOutput([x.shape[0]!, x.shape[3]!, 2, 4], 'float32')
    wasm.typedArrayFromHeap(out).set(result)
    return out
  },
})

tf.registerKernel({
  kernelName,
  backendName: 'webgl',
  kernelFunc({ inputs, backend }) {
    const x = inputs['x']!
    const program = webglProgram(x.shape as unknown as Map4D)
    return (backend as MathBackendWebGL).runWebGLProgram(program, [x], 'float32', [[Infinity]])
  },
})

/** Of the two texels of a channel one holds where the extremes are, the other what is counted. */
function webglProgram([images, height, width, channels]: Map4D): GPGPUProgram {
  return {
    variableNames: ['X'],
    outputShape: [images, channels, 2, 4],
    packedInputs: false,
    packedOutput: true,
    // GLSL has no word for it.
    customUniforms: [{ name: 'infinity', type: 'float' }],
    userCode: `
      // By the bits (IEEE 754): drivers may optimise the built-in isnan away.
      bool isNotANumber(float value) {
        return (floatBitsToUint(value) & 0x7fffffffu) > 0x7f800000u;
      }
      vec4 extremes(int n, int c) {
        bool found = false;
        float best = -infinity;
        float least = infinity;
        ivec2 place = ivec2(0, 0);
        for (int row = 0; row < ${height}; row++) {
          for (int column = 0; column < ${width}; column++) {
            float value = getX(n, row, column, c);
            if (isNotANumber(value)) continue;
            if (!found || value > best) {
              best = value;
              place = ivec2(row, column);
              found = true;
            }
            least = min(least, value);
          }
        }
        return vec4(best, place.x, place.y, least);
      }
      vec4 counts(int n, int c) {
        int firing = 0;
        bool nan = false;
        for (int row = 0; row < ${height}; row++) {
          for (int column = 0; column < ${width}; column++) {
            float value = getX(n, row, column, c);
            if (isNotANumber(value)) nan = true;
            else if (value > 0.0) firing++;
          }
        }
        return vec4(firing / ${firingUnit}, firing % ${firingUnit}, nan ? 1.0 : 0.0, 0.0);
      }
      void main() {
        ivec4 at = getOutputCoords();
        setOutput(at.w == 0 ? extremes(at.x, at.y) : counts(at.x, at.y));
      }
    `,
  }
}
