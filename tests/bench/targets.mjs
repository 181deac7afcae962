/** @file The goals of the bench, each met or missed by the figure of the same name; nothing fails if one is missed. */

/** @typedef {import('./report.mjs').Target} Target */
/** @typedef {{ readonly exercise: Target, readonly ResNet50: Target, readonly MobileNetV2: Target }} ByNetwork */

/** Ratios; times are in ms. */
export const targets = {
  /** Whole scan of the exercise ÷ the exercise's own way in TensorFlow, in images a second. */
  scanByTensorFlow: { atLeast: 2 },
  /** Bare forward pass by our kernels ÷ by those of tfjs, in images a second. */
  forwardByTfjs: { exercise: { atLeast: 3.8 }, ResNet50: { atLeast: 2.2 }, MobileNetV2: { atLeast: 1.8 } },
  /** The same of the exercise in browsers without relaxed SIMD. */
  plainForwardByTfjs: { atLeast: 3 },
  /** Whole scan ÷ bare forward pass, in images a second. Beside a fast network, decoding is the larger half. */
  scanByForward: { exercise: { atLeast: 0.75 }, ResNet50: { atLeast: 0.95 }, MobileNetV2: { atLeast: 0.85 } },
  /** Scan of all layers ÷ one bare forward pass, in time. MobileNetV2 has many maps for its arithmetic. */
  layersByForward: { exercise: { atMost: 1.3 }, ResNet50: { atMost: 1.3 }, MobileNetV2: { atMost: 1.5 } },
  /** Way back ÷ way forward of one image, in time; of networks of depthwise convolutions. */
  backByForward: { atMost: 1.5 },
  backByForwardDepthwise: { atMost: 2 },
  twoWorkersByOne: { atLeast: 1.85 },
  firstMosaicMs: { atMost: 250 },
  longestTaskMs: { atMost: 50 },
  /** A picture that is made for a unit of conv2d_5, and of a layer in the middle of ResNet50. */
  synthesizedMs: { exercise: { atMost: 2000 }, ResNet50: { atMost: 20_000 } },
  /** The share of live channels whose picture reaches more than the best patch. */
  synthesizedAbove: { atLeast: 0.95 },
  /** What the sum of a unit's terms may be off by, in shares of the largest. */
  sumByTerm: { atMost: 1e-5 },
  /** From a click on a channel until what feeds it and what it feeds are shown. */
  circuitMs: { exercise: { atMost: 150 }, ResNet50: { atMost: 1000 } },
  /** The good attribution of a patch, with its picture read. */
  attributionMs: { exercise: { atMost: 200 }, ResNet50: { atMost: 2000 } },
  /** One ablation over images whose maps at the layer are kept ÷ a scan of these images to the layer. */
  ablationByScan: { atMost: 0.3 },
  /** A saved page of a thousand channels of photos. */
  savedPageBytes: { atMost: 25e6 },
  savedPageMs: { atMost: 2000 },
  /** What engines hold by our kernels ÷ by those of tfjs. */
  memoryByTfjs: { atMost: 1.2 },
}

/** The demo's network has the architecture of the exercise's. @param {ByNetwork} row @param {string} network */
export function targetOf(row, network) {
  const name = network === 'demo' ? 'exercise' : network
  if (name !== 'exercise' && name !== 'ResNet50' && name !== 'MobileNetV2')
    throw new Error(`There is no target for ${network}.`)
  return row[name]
}
