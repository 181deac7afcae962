/** @file How many images are looked at before a scan. */

/** For a comparison: enough to tell ways apart, so few that a slow network takes seconds. */
export const trialImages = 16

/** For statistics of the network's input. */
export const sampleImages = 32
