/** @file Tells whether a file is HDF5 without loading a reader of HDF5. */

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] as const
const signatureOffsets = [0, 512, 1024, 2048, 4096] as const

/** The number of bytes at the start of a file that `isHdf5` looks at. */
export const hdf5HeadBytes = 4096 + signature.length

/** Tells an HDF5 file by its first bytes. HDF5 allows a user block of 512·2ⁿ bytes before the signature. */
export function isHdf5(head: Uint8Array): boolean {
  return superblockOffset(head) !== null
}

/** The number of bytes before the superblock; null if this is no HDF5 file. */
export function superblockOffset(head: Uint8Array): number | null {
  return signatureOffsets.find((offset) => signature.every((byte, i) => head[offset + i] === byte)) ?? null
}
