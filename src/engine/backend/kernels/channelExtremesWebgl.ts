/**
 * @file `ChannelExtremes` on WebGL; see `channelExtremes`. A large map of few channels would keep only a few threads of
 * a graphics card busy, for long. So its rows are reduced first, each by threads of its own, and then the rows'
 * results.
 */
import * as tf from '@tensorflow/tfjs'
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { activeUnit, kernelName } from './channelExtremes.ts'

type Map4D = readonly [number, number, number, number]

/** This many threads keep any graphics card busy. */
const enoughThreads = 16_384
/** With fewer units in a channel a second program costs more than it saves. */
const manyUnits = 1024

tf.registerKernel({
  kernelName,
  backendName: 'webgl',
  kernelFunc({ inputs, backend }) {
    const webgl = backend as MathBackendWebGL
    const x = inputs['x']!
    const [images, height, width, channels] = x.shape as unknown as Map4D
    const run = (shader: GPGPUProgram, input: tf.TensorInfo): tf.TensorInfo =>
      webgl.runWebGLProgram(shader, [input], 'float32', [[Infinity]])
    if (height === 1 || images * channels >= enoughThreads || height * width < manyUnits)
      return run(overUnits([images, height, width, channels]), x)
    // The same numbers, with each row as a map of its own.
    const rows = { ...x, shape: [images * height, 1, width, channels] }
    const found = run(overUnits([images * height, 1, width, channels]), rows)
    try {
      return run(overRows(images, height, channels), found)
    } finally {
      webgl.disposeIntermediateTensorInfo(found)
    }
  },
})

/**
 * Each channel has two texels, `[N, C, 2, 4]` packed: one holds the extremes and where they are, the other the counts.
 */
function program(images: number, channels: number, functions: string): GPGPUProgram {
  return {
    variableNames: ['X'],
    outputShape: [images, channels, 2, 4],
    packedInputs: false,
    packedOutput: true,
    // GLSL has no word for infinity.
    customUniforms: [{ name: 'infinity', type: 'float' }],
    userCode: `
      ${functions}
      void main() {
        ivec4 at = getOutputCoords();
        setOutput(at.w == 0 ? extremes(at.x, at.y) : counts(at.x, at.y));
      }
    `,
  }
}

function overUnits([images, height, width, channels]: Map4D): GPGPUProgram {
  return program(
    images,
    channels,
    `
      // By the bits (IEEE 754): drivers may optimise the built-in isnan away.
      bool isNotANumber(float value) {
        return (floatBitsToUint(value) & 0x7fffffffu) > 0x7f800000u;
      }
      vec4 extremes(int n, int c) {
        float best = -infinity;
        float least = infinity;
        ivec2 place = ivec2(0, 0);
        for (int row = 0; row < ${height}; row++) {
          for (int column = 0; column < ${width}; column++) {
            float value = getX(n, row, column, c);
            if (isNotANumber(value)) continue;
            if (value > best) {
              best = value;
              place = ivec2(row, column);
            }
            least = min(least, value);
          }
        }
        return vec4(best, place.x, place.y, least);
      }
      vec4 counts(int n, int c) {
        int activeCount = 0;
        bool nan = false;
        for (int row = 0; row < ${height}; row++) {
          for (int column = 0; column < ${width}; column++) {
            float value = getX(n, row, column, c);
            if (isNotANumber(value)) nan = true;
            else if (value > 0.0) activeCount++;
          }
        }
        return vec4(activeCount / ${activeUnit}, activeCount % ${activeUnit}, nan ? 1.0 : 0.0, 0.0);
      }
    `,
  )
}

/** X is what `overUnits` found in each row: places as in `channelExtremes`. */
function overRows(images: number, height: number, channels: number): GPGPUProgram {
  return program(
    images,
    channels,
    `
      vec4 extremes(int n, int c) {
        float best = -infinity;
        float least = infinity;
        ivec2 place = ivec2(0, 0);
        for (int row = 0; row < ${height}; row++) {
          int at = n * ${height} + row;
          float value = getX(at, c, 0, 0);
          if (value > best) {
            best = value;
            place = ivec2(row, int(getX(at, c, 1, 0)));
          }
          least = min(least, getX(at, c, 1, 1));
        }
        return vec4(best, place.x, place.y, least);
      }
      vec4 counts(int n, int c) {
        int activeCount = 0;
        float nan = 0.0;
        for (int row = 0; row < ${height}; row++) {
          int at = n * ${height} + row;
          activeCount += int(getX(at, c, 0, 2)) * ${activeUnit} + int(getX(at, c, 0, 3));
          nan = max(nan, getX(at, c, 1, 2));
        }
        return vec4(activeCount / ${activeUnit}, activeCount % ${activeUnit}, nan, 0.0);
      }
    `,
  )
}
