/** @file A page that has pictures decoded in a worker, as the app has. */
import { connect } from '../../../src/rpc/remote.ts'
import type { Decoded, Decoding } from './decoding.worker.ts'

declare global {
  interface Window {
    /** `file` in Base64. */
    decodePicture?: (file: string) => Promise<Decoded>
  }
}

const worker = new Worker(new URL('./decoding.worker.ts', import.meta.url), { type: 'module' })
const { remote } = connect<Decoding>(worker as never)
window.decodePicture = (file) => remote.decode(file)
