import { expose } from '../rpc/expose.ts'
import { holdLifeLock } from '../rpc/lifeLock.ts'
import { Decoder } from './decoder.ts'

holdLifeLock(self as never)
expose(new Decoder(), self as never)
