/** @file Asks for a bitmap with the numbers of the file; WebKit premultiplies and converts all the same. */
export const asStored = { premultiplyAlpha: 'none', colorSpaceConversion: 'none' } as const
