/** @file Whether this browser has WebGPU on a graphics card. */

import { isSoftwareRenderer } from '../../core/softwareRenderers.ts'

/** The name of the card, as far as the browser tells; null if there is none, or only one in software. */
export async function hardwareAdapter(): Promise<string | null> {
  if (!('gpu' in navigator)) return null
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (!adapter) return null
    const { vendor, architecture, description, isFallbackAdapter } = adapter.info
    const name = [vendor, architecture, description].filter((part) => part !== '').join(' ')
    return isFallbackAdapter || isSoftwareRenderer(name) ? null : name || 'a graphics card'
  } catch {
    // A browser that has switched it off may throw instead of answering null.
    return null
  }
}
