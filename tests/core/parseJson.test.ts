import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/core/parseJson.ts'

describe('parseJson', () => {
  it('reads what JSON.parse reads, with or without a mark of the encoding', () => {
    const text = '{"a":[1,"]}{[ \\" [[",{"b":null}]}'
    expect(parseJson(text)).toEqual(JSON.parse(text))
    expect(parseJson(`\uFEFF${text}`)).toEqual(JSON.parse(text))
    expect(() => parseJson('{')).toThrow(SyntaxError)
  })

  it('refuses what lies deeper than anything that is read, but not long lists and texts of brackets', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJson(nested(500))).toBeInstanceOf(Array)
    expect(() => parseJson(nested(501))).toThrow('its lists lie more than 500 deep in one another')
    expect(() => parseJson(nested(1e6))).toThrow('its lists lie more than 500 deep in one another')
    expect(parseJson(`[${'[],'.repeat(1000)}0]`)).toHaveLength(1001)
    expect(parseJson(JSON.stringify('["\\'.repeat(1000)))).toHaveLength(3000)
  })
})
