/**
 * @file The kernel `ChannelExtremes`: of a map `[N, H, W, C]`, per image and channel, the maximum, its row, its
 * column and the minimum, as `[N, C, 4]`. On ties the first place in row-major order counts, as in `np.argmax`.
 * NaN units are left out; where there was one the row is written as -1 - row. Only this small tensor is read back.
 *
 * Registered for each backend under one name, as tfjs registers its own kernels. Row and column are apart because
 * half-float textures hold whole numbers up to 2048 only.
 */
import * as tf from '@tensorflow/tfjs'
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

const kernelName = 'ChannelExtremes'
/** max, row, column, min */
export const extremes = 4

/** `x` is `[N, H, W, C]` and stays the caller's. */
export function channelExtremes(x: tf.Tensor4D): tf.Tensor3D {
  return tf.engine().runKernel(kernelName, { x })
}

type Map4D = readonly [number, number, number, number]

/** The obvious loop, for backends whose tensors lie in memory. */
function extremesOf(values: Float32Array, [images, height, width, channels]: Map4D): Float32Array {
  const out = new Float32Array(images * channels * extremes)
  const max = new Float32Array(channels)
  const min = new Float32Array(channels)
  const place = new Uint32Array(channels)
  const nan = new Uint8Array(channels)
  let i = 0
  for (let n = 0; n < images; n++) {
    max.fill(-Infinity)
    min.fill(Infinity)
    place.fill(0)
    nan.fill(0)
    for (let p = 0; p < height * width; p++) {
      for (let c = 0; c < channels; c++) {
        const value = values[i++]!
        if (value > max[c]!) {
          max[c] = value
          place[c] = p
        }
        // Written so that NaN, which is not at least anything, gets in.
        if (!(value >= min[c]!)) {
          if (value < min[c]!) min[c] = value
          else nan[c] = 1
        }
      }
    }
    for (let c = 0; c < channels; c++) {
      const o = (n * channels + c) * extremes
      out[o] = max[c]!
      const row = Math.floor(place[c]! / width)
      out[o + 1] = nan[c] ? -1 - row : row
      out[o + 2] = place[c]! % width
      out[o + 3] = min[c]!
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
    const out = wasm.makeOutput([x.shape[0]!, x.shape[3]!, extremes], 'float32')
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

/** A packed texel holds two channels (rows) times two of the four numbers (columns). */
function webglProgram([images, height, width, channels]: Map4D): GPGPUProgram {
  return {
    variableNames: ['X'],
    outputShape: [images, channels, extremes],
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
        bool nan = false;
        float best = -infinity;
        float least = infinity;
        ivec2 place = ivec2(0, 0);
        for (int row = 0; row < ${height}; row++) {
          for (int column = 0; column < ${width}; column++) {
            float value = getX(n, row, column, c);
            if (isNotANumber(value)) {
              nan = true;
            } else {
              if (!found || value > best) {
                best = value;
                place = ivec2(row, column);
                found = true;
              }
              least = min(least, value);
            }
          }
        }
        return vec4(best, nan ? -1 - place.x : place.x, place.y, least);
      }
      void main() {
        ivec3 at = getOutputCoords();
        vec4 one = extremes(at.x, at.y);
        vec4 two = at.y + 1 < ${channels} ? extremes(at.x, at.y + 1) : vec4(0.0);
        setOutput(at.z == 0 ? vec4(one.xy, two.xy) : vec4(one.zw, two.zw));
      }
    `,
  }
}
