import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { readProjectFile } from '../../../src/core/project/projectFile.ts'

const least = { model: 'model.h5', images: 'images.zip' }

describe('a project file', () => {
  it('names model and images; all else has a default', () => {
    expect(readProjectFile(least)).toEqual({
      ...least,
      name: null,
      inputSize: null,
      preprocessing: notebookPreprocessing,
      classes: null,
      splits: null,
      sample: 'all',
      layers: null,
      k: null,
      autorun: false,
      afterwards: null,
    })
  })

  it('may say everything', () => {
    const full = {
      ...least,
      format: 'urpatch-project',
      version: 1,
      name: 'Week 3',
      inputSize: [96, 128],
      preprocessing: { resize: 'nearest' },
      classes: ['cat'],
      splits: ['test'],
      sample: 'random:500:7',
      layers: ['conv2d_5'],
      k: 9,
      autorun: true,
      afterwards: 'rest',
    }
    const { format, version, ...said } = full
    expect(format + version).toBe('urpatch-project1')
    expect(readProjectFile(full)).toEqual({
      ...said,
      preprocessing: { ...notebookPreprocessing, resize: 'nearest' },
      sample: { random: 500, seed: 7 },
    })
  })

  it('of the demo is read', () => {
    const demo = new URL('../../../public/demo/demo.urpatch-project.json', import.meta.url)
    expect(readProjectFile(JSON.parse(readFileSync(demo, 'utf8')))).toMatchObject({ autorun: true })
  })

  it.each([
    [{ model: undefined }, 'it has no "model", the address of a model, such as "model.h5"'],
    [
      { images: undefined },
      'it has no "images", the address of an index or archive, such as "images/index.tsv"',
    ],
    [{ name: 3 }, 'its "name" is 3; it has to be a text'],
    [{ model: ' ' }, 'its "model" is " "; it has to be the address of a model, such as "model.h5"'],
    [{ inputSize: 96 }, 'its "inputSize" is 96; it has to be [rows, columns]'],
    [
      { preprocessing: 'caffe' },
      'its "preprocessing" is "caffe"; it has to be an object of settings, such as {"scale": "0..1"}',
    ],
    [
      { preprocessing: null },
      'its "preprocessing" is null; it has to be an object of settings, such as {"scale": "0..1"}',
    ],
    [{ classes: 'cat' }, 'its "classes" is "cat"; it has to be a list of names, such as ["cat", "dog"]'],
    [{ classes: [1] }, 'its "classes" is [1]; it has to be a list of names, such as ["cat", "dog"]'],
    [{ splits: [] }, 'its "splits" is []; it has to be a list of names, such as ["test"]'],
    [
      { sample: 20 },
      'its "sample" is 20; it has to be a text as on the command line, such as "500" or "random:500"',
    ],
    [{ layers: { a: 1 } }, 'its "layers" is {"a":1}; it has to be a list of names, such as ["conv2d_5"]'],
    [{ k: 0 }, 'its "k" is 0; it has to be a whole number from 1 to 255'],
    [{ k: '16' }, 'its "k" is "16"; it has to be a whole number from 1 to 255'],
    [{ autorun: 'yes' }, 'its "autorun" is "yes"; it has to be true or false'],
    [{ afterwards: 'all' }, 'its "afterwards" is "all"; it has to be "rest"'],
    [{ Layers: ['a'] }, 'its key "Layers" does not exist (did you mean "layers"?)'],
    [
      { constructor: 1 },
      expect.stringMatching(/^its key "constructor" does not exist \(it may have name, model, /),
    ],
    [
      { format: 'urpatch-results' },
      'its "format" is "urpatch-results"; that of a project is "urpatch-project"',
    ],
    [{ version: 2 }, 'its "version" is 2; this Urpatch reads version 1'],
    [
      { name: Array.from({ length: 99 }, () => 1) },
      `its "name" is [${'1,'.repeat(29)}1…; it has to be a text`,
    ],
  ])('with %j says what is wrong', (more, reason) => {
    // JSON drops the keys that are undefined.
    const json: unknown = JSON.parse(JSON.stringify({ ...least, ...more }))
    expect(() => readProjectFile(json)).toThrow(expect.objectContaining({ message: reason }))
  })

  it.each([[null], [[least]], ['text'], [3]])('is no %j', (json) => {
    expect(() => readProjectFile(json)).toThrow('it holds no object {…}')
  })

  it.each([
    [{ preprocessing: { resize: 5 } }, /^The setting resize=5 does not exist/],
    [{ preprocessing: { size: 5 } }, /^The setting size=5 does not exist/],
    [{ sample: 'some' }, /^The setting sample=some does not exist/],
  ])('with %j says which setting does not exist', (more, sentence) => {
    expect(() => readProjectFile({ ...least, ...more })).toThrow(
      expect.objectContaining({
        code: 'setting/unknown',
        message: expect.stringMatching(sentence) as string,
      }),
    )
  })
})
