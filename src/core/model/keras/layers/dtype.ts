/** @file Which number types a layer may have. All of them are computed in 32-bit floats. */

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
 * is refused of it, undefined if it is computed.
 */
export function refusedDtype(dtype: unknown): unknown {
  if (dtype === undefined || dtype === null) return undefined
  const name =
    typeof dtype === 'object' && 'config' in dtype ? (dtype.config as { name?: unknown } | null)?.name : dtype
  return floatPolicies.has(name as string) ? undefined : (name ?? dtype)
}
