import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { comparePositions, dawn } from '../../../../fixtures/observed/made.ts'
import { secretsFrom } from '../../../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../../../gateway/store/sqlite-store.ts'

const kills = 30
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('a store whose process is killed at random moments', () => {
  it('holds every exchange up to the committed position once, with its counts and its body', { timeout: 180_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'auscult-crash-'))
    folders.push(folder)
    let seed = 20_261_123
    for (let i = 0; i < kills; i += 1) {
      seed = (seed * 48_271) % 2_147_483_647
      await killedAfter(folder, seed % 150)
    }
    const secrets = secretsFrom(new Uint8Array(32).fill(1))
    const store = openSqliteStore({
      folder,
      tokenKeys: [secrets.key('tokens')],
      bodyKey: secrets.key('bodies'),
      comparePositions,
    })
    try {
      const count = Number((await store.resume()).committed)
      expect(count).toBeGreaterThan(kills)
      const seen: (string | null)[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Awaited<ReturnType<typeof store.exchanges>> = await store.exchanges({
          limit: 5000,
          ...(cursor === '' ? {} : { cursor }),
        })
        seen.push(...page.items.map((e) => e.controlId))
        cursor = page.nextCursor
      }
      expect(seen.length).toBe(count)
      expect(new Set(seen)).toEqual(new Set(Array.from({ length: count }, (_, i) => `C${i + 1}`)))
      expect((await store.totals()).map((t) => t.exchanges)).toEqual([count])
      const minutes = await store.series({ interfaceId: 'his-lis-lab-order', from: dawn, to: dawn + 3_600_000, stepMs: 60_000 })
      expect(minutes.reduce((sum, point) => sum + point.exchanges, 0)).toBe(count)
      expect(minutes.reduce((sum, point) => sum + point.latencyMs.n, 0)).toBe(count)
      for (let number = 1; number <= count; number += Math.ceil(count / 200)) {
        const message = await store.message(`e1-1795392000000-${number}`, 'request')
        expect(Buffer.from(message?.body ?? []).toString()).toContain(`|C${number}|`)
        expect((await store.exchanges({ key: `C${number}`, limit: 5 })).items).toHaveLength(1)
      }
    } finally {
      await store.close()
    }
  })
})

/** Runs the child until it has opened the store and `delayMs` more, then kills it as a power button would. */
async function killedAfter(folder: string, delayMs: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.ts'), folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += String(chunk)
  })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('exit', (_code, signal) => resolve(signal))
  })
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended])
  await pause(delayMs)
  child.kill('SIGKILL')
  expect(await ended, said).toBe('SIGKILL')
}
