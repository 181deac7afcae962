/**
 * @file The ways in which a picture is made for a unit. A picture is its spectrum's mean, or a patch, plus waves; each wave's
 * coefficient counts in its amplitude in natural pictures, so 1 is as much of it as they have on average. Norms are root mean squares.
 */

export type AscentWay = 'accentuate' | 'nothing'

export interface AscentSettings {
  /** How many random starts are followed for so many steps each, of which the highest goes on. */
  readonly starts: number
  readonly trialSteps: number
  /** The steps of the way that counts, with those of its trial. */
  readonly steps: number
  /** The length of the first step; steps become shorter, down to `lastRate`. */
  readonly rate: number
  /** The norm of the coefficients: exactly, if there is no patch to start from, and otherwise at most. */
  readonly norm: number
}

export const ascentSettings: Readonly<Record<AscentWay, AscentSettings>> = {
  /** What is added to the patch may be half of what natural pictures have of each wave. */
  accentuate: { starts: 1, trialSteps: 0, steps: 48, rate: 0.1, norm: 0.5 },
  /**
   * Pictures that stay on the sphere have the contrast of strong natural ones. With a single start 86 % of the exercise's conv2d_5
   * came above their best patch; with four 97 %, with eight or more all of them. Of 30 channels of conv2d_8 two stayed below with
   * eight (0.30 and 0.98 times as high); tried again with sixteen, for another of their patches, both came above (1.84 and 2.18).
   */
  nothing: { starts: 16, trialSteps: 16, steps: 128, rate: 0.3, norm: 1.5 },
}

export const lastRate = 0.02

/** The share of the direction before that each step keeps. */
export const inertia = 0.9

/** All steps together, which say how far it is. */
export function stepsOf({ starts, trialSteps, steps }: AscentSettings): number {
  return steps + (starts - 1) * trialSteps
}

/** The length of a step, by its number on the way that it is of. */
export function rateAt({ rate, steps }: AscentSettings, step: number): number {
  return rate * (lastRate / rate) ** (step / Math.max(1, steps - 1))
}
