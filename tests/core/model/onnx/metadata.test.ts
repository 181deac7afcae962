/** What an ONNX file tells about its maker and its classes. */
import { describe, expect, it } from 'vitest'
import { labelsOf, makerOf } from '../../../../src/core/model/onnx/metadata.ts'

describe('the names of the outputs', () => {
  const labels = (names: string) => labelsOf({ metadata: new Map([['names', names]]) })

  it.each([
    [`{0: 'person', 1: 'bicycle'}`, ['person', 'bicycle']],
    [`{0: "it's", 1: 'a \\'b\\'', 2: 'c, 3: d', 3: 'e\\\\f',}`, ["it's", "a 'b'", 'c, 3: d', 'e\\f']],
    [`{0: 'caf\\xe9', 1: '\\u732b', 2: '犬'}`, ['café', '猫', '犬']],
    [` {0:'a'} `, ['a']],
  ])('%s', (names, expected) => {
    expect(labels(names)).toEqual(expected)
  })

  it.each(['', '{}', '{1: "a"}', `{0: 'a', 2: 'b'}`, `{0: 'a' 1: 'b'}`, `{0: person}`, '["a"]', `{0: 'a`])(
    'are none in %j',
    (names) => {
      expect(labels(names)).toBeNull()
    },
  )

  it('are none without metadata', () => {
    expect(labelsOf({ metadata: new Map() })).toBeNull()
  })
})

describe('the maker', () => {
  it.each([
    ['pytorch 2.13.0+cpu', {}, 'PyTorch'],
    ['pytorch 1.2', {}, 'PyTorch'],
    ['pytorch 2.3.1', { author: 'Ultralytics' }, 'Ultralytics'],
    ['onnxslim', { description: 'Ultralytics YOLOv8n model' }, 'Ultralytics'],
    ['tf2onnx 1.16.1', {}, null],
    ['', { author: 'me' }, null],
  ] as const)('%s, %j', (producer, metadata, maker) => {
    expect(makerOf({ producer, metadata: new Map(Object.entries(metadata)) })).toBe(maker)
  })
})
