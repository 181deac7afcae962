import { expose } from '../rpc/expose.ts'
import { Gallery } from './gallery.ts'

expose(new Gallery(), self as never)
