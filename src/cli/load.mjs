/**
 * @file Imports a TypeScript module of `src` into Node, so that the command line shares core's tables. Vite does it: it is
 * there anyway, works in every Node that Urpatch promises, and needs no second build that could be out of date. (Node
 * itself takes TypeScript only from 22.18 on.) Packages have to be there.
 */
import path from 'node:path'
import { runnerImport } from 'vite'
import { root } from './install.mjs'

/**
 * @template T
 * @param {string} file from `src` on
 * @returns {Promise<T>}
 */
export async function load(file) {
  /** @type {{ module: T }} */
  const { module } = await runnerImport(path.join(root, 'src', file), { root, logLevel: 'error' })
  return module
}
