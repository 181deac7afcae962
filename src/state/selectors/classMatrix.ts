/** @file The means of classes of the shown layer; see `keptWork`. */
import { ClassMatrix } from '../../core/scan/classMatrix.ts'
import { keepWork } from './keptWork.ts'

export const classMatrix = keepWork((result) => new ClassMatrix(result))
