/** @file `ChannelExtremes` on WebGL; see `channelExtremes`. */
import * as tf from '@tensorflow/tfjs'
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { firingUnit, kernelName } from './channelExtremes.ts'

type Map4D = readonly [number, number, number, number]

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
