import { expose } from '../rpc/expose.ts'
import { holdLifeLock } from '../rpc/lifeLock.ts'
import { Arranger } from './arranger.ts'

holdLifeLock(self as never)
expose(new Arranger(), self as never)
