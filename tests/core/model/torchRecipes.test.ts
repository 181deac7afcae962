/** The page's help for networks of PyTorch is what README.md says, which `try_torch_recipes.py` runs. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { torchRecipes } from '../../../src/core/model/torchRecipes.ts'

const readme = readFileSync(path.resolve(import.meta.dirname, '../../../README.md'), 'utf8')
const [, section = ''] = readme.split('## From PyTorch in three lines')
const inReadme = Array.from(
  section.split('\n## ')[0]!.matchAll(/^([^\n]+):\n\n```python\n([^]*?)\n```/gm),
  ([, title, code]) => ({ title, code }),
)

it('the page and README.md show the same lines', () => {
  expect(inReadme).toEqual(torchRecipes)
})

it('each has three lines, and the result is a file of ONNX', () => {
  for (const { code } of torchRecipes) {
    expect(code.split('\n')).toHaveLength(3)
    expect(code).toMatch(/\.onnx"\)$|format="onnx"\)$/)
  }
})
