import { expose } from '../rpc/expose.ts'
import { holdLifeLock } from '../rpc/lifeLock.ts'
import { BenchEngine } from './bench/benchEngine.ts'

holdLifeLock(self as never)
expose(new BenchEngine(), self as never)
