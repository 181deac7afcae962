/** An engine in a browser whose WebAssembly can do as much as this worker's name says. */
import { BenchEngine } from '../../src/engine/bench/benchEngine.ts'
import { expose } from '../../src/rpc/expose.ts'
import { limitSimd, type Simd } from './simd.ts'

limitSimd(self.name as Simd)
expose(new BenchEngine(), self as never)
