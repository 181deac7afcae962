import { expose } from '../rpc/expose.ts'
import { Engine } from './engine.ts'

expose(new Engine(), self as never)
