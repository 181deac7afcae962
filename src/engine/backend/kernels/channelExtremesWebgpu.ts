/** @file The kernel `ChannelExtremes` for WebGPU; see `channelExtremes`. Loaded with that backend only. */
import * as tf from '@tensorflow/tfjs'
import { type WebGPUBackend, type WebGPUProgram, webgpu_util } from '@tensorflow/tfjs-backend-webgpu'
import { extremes, activeUnit, kernelName, place } from './channelExtremes.ts'

tf.registerKernel({
  kernelName,
  backendName: 'webgpu',
  kernelFunc({ inputs, backend }) {
    const x = inputs['x']!
    const program = programFor([x.shape[0]!, x.shape[3]!, 2, 4])
    // WGSL has no word for infinity.
    const infinity = { type: 'float32', data: [Infinity] }
    return (backend as WebGPUBackend).runWebGPUProgram(program, [x], 'float32', [infinity])
  },
})

/** One thread reduces one channel of an image. Sizes are uniforms, so that all layers share one shader. */
function programFor(outputShape: number[]): WebGPUProgram {
  const workgroupSize: [number, number, number] = [64, 1, 1]
  const dispatchLayout = webgpu_util.flatDispatchLayout(outputShape)
  return {
    outputShape,
    variableNames: ['x'],
    uniforms: 'infinity : f32,',
    workgroupSize,
    dispatchLayout,
    dispatch: webgpu_util.computeDispatch(dispatchLayout, outputShape, workgroupSize, [extremes, 1, 1]),
    size: true,
    shaderKey: kernelName,
    getUserCode: () => `
      fn main(index : i32) {
        if (index * ${extremes} >= uniforms.size) {
          return;
        }
        let columns = uniforms.xShape.z;
        let channels = uniforms.xShape.w;
        let units = uniforms.xShape.y * columns;
        let first = index / channels * units * channels + index % channels;
        var found = false;
        var nan = false;
        var best = -uniforms.infinity;
        var least = uniforms.infinity;
        var at = 0;
        var activeCount = 0;
        for (var unit = 0; unit < units; unit++) {
          let value = x[first + unit * channels];
          // NaN is recognized by its bits (IEEE 754): compilers may assume that there is none.
          if ((bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u) {
            nan = true;
            continue;
          }
          if (!found || value > best) {
            best = value;
            at = unit;
            found = true;
          }
          least = min(least, value);
          if (value > 0.0) {
            activeCount++;
          }
        }
        let o = index * ${extremes};
        result[o + ${place.max}] = best;
        result[o + ${place.row}] = f32(at / columns);
        result[o + ${place.column}] = f32(at % columns);
        result[o + ${place.min}] = least;
        result[o + ${place.activeHigh}] = f32(activeCount / ${activeUnit});
        result[o + ${place.activeLow}] = f32(activeCount % ${activeUnit});
        result[o + ${place.nan}] = select(0.0, 1.0, nan);
      }
    `,
  }
}
