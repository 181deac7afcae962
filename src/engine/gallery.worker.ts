import { expose } from '../rpc/expose.ts'
import { holdLifeLock } from '../rpc/lifeLock.ts'
import { files } from './files/files.ts'
import { Gallery } from './gallery.ts'

holdLifeLock(self as never)
expose([new Gallery(), files], self as never)
