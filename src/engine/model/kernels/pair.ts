/** @file Pairs of numbers as tfjs' types take them: not readonly. */

export const pairOf = ([a, b]: readonly [number, number]): [number, number] => [a, b]
