/** @file The names that Keras 1 had for keys: https://faroit.com/keras-docs/1.2.2/layers/convolutional/ */

/** Keras 1 in the words of its successors. */
const keras1Names: Readonly<Record<string, string>> = {
  nb_filter: 'filters',
  border_mode: 'padding',
  subsample: 'strides',
  atrous_rate: 'dilation_rate',
  output_dim: 'units',
  bias: 'use_bias',
  p: 'rate',
  dim_ordering: 'data_format',
}
const keras1Values: Readonly<Record<string, string>> = { tf: 'channels_last', th: 'channels_first' }

/** The configuration of a layer in the words of Keras 2 and 3. */
export function modernized(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { nb_row, nb_col, ...rest } = config
  const entries = Object.entries(rest).map(([key, value]): [string, unknown] => [
    Object.hasOwn(keras1Names, key) ? keras1Names[key]! : key,
    key === 'dim_ordering' && Object.hasOwn(keras1Values, String(value))
      ? keras1Values[String(value)]
      : value,
  ])
  return {
    ...Object.fromEntries(entries),
    ...(nb_row === undefined ? {} : { kernel_size: [nb_row, nb_col] }),
  }
}
