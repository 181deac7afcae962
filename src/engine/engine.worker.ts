import { expose } from '../rpc/expose.ts'
import { holdLifeLock } from '../rpc/lifeLock.ts'
import { Engine } from './engine.ts'

holdLifeLock(self as never)
expose(new Engine(), self as never)
