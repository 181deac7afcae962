/** @file How the user calls the commands, which their help repeats. */

export interface Calls {
  readonly scan: string
  readonly merge: string
  /** What stands between a command and its options. */
  readonly dashes: string
}

/** In a clone. npm takes the options before `--` for its own. */
export const inClone: Calls = { scan: 'npm run scan', merge: 'npm run merge', dashes: ' --' }

export const inPackage: Calls = { scan: 'urpatch scan', merge: 'urpatch merge', dashes: '' }
