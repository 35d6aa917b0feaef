import { MessagePort } from 'node:worker_threads'
import type { EdgeLimits } from './edge/limits.ts'

/** What the observing thread is made of: plain data, for it is handed to a thread. */
export interface EdgeThreadSetup {
  readonly memory: SharedArrayBuffer
  readonly port: MessagePort
  readonly edgeId: string
  readonly limits: EdgeLimits
  /** The starting thread holds the lock of the folder. */
  readonly log: {
    readonly folder: string
    readonly retention: { readonly bytes: number; readonly ageMs: number }
    readonly sync: 'none' | 'batch'
    readonly key: Uint8Array | null
  }
}

/** Handed over by this same program: its outline is enough to know it by. */
export function isEdgeThreadSetup(value: unknown): value is EdgeThreadSetup {
  if (typeof value !== 'object' || value === null || !('memory' in value) || !('port' in value)) return false
  return value.memory instanceof SharedArrayBuffer && value.port instanceof MessagePort && 'log' in value && 'limits' in value
}
