/** @file Which number types of a layer are computed; all of them in 32-bit floats. */

/** Half precision saves memory in training; the numbers are the same function's, to fewer digits. */
const floatPolicies = new Set([
  'float32',
  'float16',
  'bfloat16',
  'float64',
  'mixed_float16',
  'mixed_bfloat16',
])

/**
 * `dtype` is a name, or the policy object that Keras writes; one without a name is for quantized integers. Returns what
 * is wrong with it, undefined where nothing is.
 */
export function refusedDtype(dtype: unknown): unknown {
  if (dtype === undefined || dtype === null) return undefined
  const name =
    typeof dtype === 'object' && 'config' in dtype ? (dtype.config as { name?: unknown } | null)?.name : dtype
  return floatPolicies.has(name as string) ? undefined : (name ?? dtype)
}
