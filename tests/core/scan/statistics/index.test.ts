import { describe, expect, it } from 'vitest'
import { sortOrders } from '../../../../src/core/mosaic/channelOrder.ts'
import { ResultsReader } from '../../../../src/core/results/readResults.ts'
import { RecordedResult } from '../../../../src/core/results/recordedResult.ts'
import { statistics, statisticsVersion } from '../../../../src/core/scan/statistics/index.ts'
import type { ReadableResult } from '../../../../src/core/scan/statistics/statistic.ts'
import { resultsFile, resultsParts } from '../../../fixtures/resultsFiles.ts'

const parts = resultsParts()
const found = parts.results.get('conv')!

/** The same result as its file has it, in the numbers of the same images and classes. */
function readBack(): RecordedResult {
  const reader = new ResultsReader('a.urpatch.json', (bytes) => new TextDecoder().decode(bytes))
  reader.push(new TextEncoder().encode(resultsFile(parts)))
  const { paths, classNames, layers } = reader.end()
  const numbering = {
    images: Int32Array.from(paths, (path) => parts.table.paths.indexOf(path)),
    classes: Int32Array.from(classNames, (name) => parts.table.classNames.indexOf(name)),
  }
  return new RecordedResult(layers[0]!, numbering, 1)
}

/** To nine digits, as a file has float32 numbers, without the boxes that only a file has, and all members of a sample, which only a scan has. */
function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) => {
      if (key === 'place' || key === 'members') return undefined
      return typeof part === 'number' ? Number(part.toPrecision(9)) : part
    }),
  )
}

function factsOf(result: ReadableResult, channel: number): string[] {
  const format = { activation: (value: number) => value.toPrecision(4), share: (part: number) => `${part}` }
  return statistics.flatMap((statistic) => {
    const value = statistic.facts && result.of(statistic, channel)
    return value === null ? [] : (statistic.facts?.(value, result, format) ?? []).map(({ name }) => name)
  })
}

describe('the list of statistics', () => {
  it('has an id and an order of its own for each', () => {
    for (const ids of [statistics.map(({ id }) => id), sortOrders.map(({ id }) => id)])
      expect(new Set(ids).size).toBe(ids.length)
  })

  it('has a version that grows with each of those that are counted', () => {
    const counted = statistics.flatMap((one) => (one.counted ? [one.counted.version] : []))
    expect(counted.every((version) => version >= 1)).toBe(true)
    expect(statisticsVersion).toBe(counted.reduce((sum, version) => sum + version, 0))
  })

  it('has one that no results file tells', () => {
    const untold = statistics.filter(({ record, derive }) => !record && !derive)
    expect(untold.map(({ id }) => id)).toEqual(['sampled'])
    for (const statistic of untold) expect(readBack().of(statistic, 0)).toBeNull()
  })

  const told = statistics.filter(({ record, derive }) => record ?? derive)

  it.each(told.map((statistic) => [statistic.id, statistic] as const))(
    'has %s, which a results file tells as the scan did',
    (_, statistic) => {
      const recorded = readBack()
      for (let channel = 0; channel < found.channels; channel++) {
        // A file has no classes of a dead channel.
        if (statistic.id === 'classes' && found.isDead(channel)) continue
        const value = found.of(statistic, channel)
        expect(comparable(recorded.of(statistic, channel))).toEqual(comparable(value))
      }
      expect(found.of(statistic, 0)).not.toBeNull()
    },
  )

  it('has something to say in lines, the same of a scan and of its file', () => {
    expect(factsOf(found, 0)).toEqual(['Mean ± spread', 'Median', 'Fires'])
    // Nothing but NaN.
    expect(factsOf(found, 4)).toEqual(['Fires'])
    const recorded = readBack()
    for (let channel = 0; channel < found.channels; channel++)
      expect(factsOf(recorded, channel)).toEqual(factsOf(found, channel))
  })
})
