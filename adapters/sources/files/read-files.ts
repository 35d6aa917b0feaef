import { join } from 'node:path'
import type { Entry } from '../../../gateway/model/entry.ts'
import type { FilesSource } from '../../../gateway/model/interface.ts'
import type { Measurement } from '../../../gateway/model/measurement.ts'
import type { TapContext } from '../../../gateway/model/tap.ts'
import { type Instant, type Millis, pause } from '../../../gateway/model/time.ts'
import { judgeDue } from './due.ts'
import { type FileContent, readContent, textOf } from './file-content.ts'
import { deliveryId, fileExchange } from './file-exchange.ts'
import type { FileGate } from './file-gate.ts'
import {
  emptyMemory,
  type FileMemory,
  loadedMemory,
  type ReadFile,
  remember,
  rememberContent,
  savedMemory,
} from './file-memory.ts'
import { FileWatch, type WholeFile } from './file-watch.ts'
import { companionName, type FolderLook, lookInto, type SeenFile } from './folder-look.ts'
import { resultRows } from './result-rows.ts'

/** The source says at least so often that it looks, or that it can't. */
const tellEveryMs: Millis = 60_000
/** So many names of files that can't be read are remembered. */
const unreadableMax = 1_000
/** Of a result file this much is read. */
const resultBytesMax = 64 * 1024 * 1024

/**
 * Looks into a folder now and then. Every file that is whole is an exchange; its state, deadlines, and results that come back are measurements. What was
 * read is remembered after the Log has kept it. Looks until the context's signal; a folder that can't be read is tried again at the next look.
 */
export async function readFiles(source: FilesSource, context: TapContext, gate: FileGate): Promise<void> {
  const { clock, signal } = context
  const loaded = loadedMemory(await context.memory.load())
  const tap = new FilesTap(source, context, gate, loaded ?? emptyMemory(), loaded === null)
  while (!signal.aborted) {
    await tap.look().catch((error: unknown) => tap.isAway(codeOf(error)).catch(() => {}))
    await pause(clock, source.everyMs, signal)
  }
}

class FilesTap {
  readonly #source: FilesSource
  readonly #context: TapContext
  readonly #gate: FileGate
  readonly #memory: FileMemory
  readonly #watch: FileWatch
  readonly #unreadable = new Set<string>()
  #isFirst: boolean
  /** Something is to be remembered that isn't yet. */
  #isUnsaved = false
  #startedAt: Instant | null = null
  #verdict: Measurement['verdict'] = null
  #code: string | null = null
  #toldMs = Number.NEGATIVE_INFINITY

  constructor(source: FilesSource, context: TapContext, gate: FileGate, memory: FileMemory, isFirst: boolean) {
    this.#source = source
    this.#context = context
    this.#gate = gate
    this.#memory = memory
    this.#watch = new FileWatch(source, memory)
    this.#isFirst = isFirst
  }

  /** Whatever keeps a look from going on, what was read and handed over is remembered, and not read again after a restart. */
  async look(): Promise<void> {
    try {
      await this.#look()
    } finally {
      if (this.#isUnsaved) await this.#context.memory.save(savedMemory(this.#memory))
      this.#isUnsaved = false
    }
  }

  async #look(): Promise<void> {
    const { clock, timezone, signal } = this.#context
    const look = await lookInto(this.#source, this.#gate)
    const at = clock.now()
    this.#startedAt ??= at
    if (this.#isFirst) for (const file of this.#watch.leftAlone(look, at)) this.#leave(file, at)
    this.#isUnsaved ||= this.#isFirst
    this.#isFirst = false
    const before = JSON.stringify([this.#memory.dueAt, this.#memory.missedAt])
    const { whole, odd } = this.#watch.see(look, at)
    for (const { code, bytes, waitedMs } of odd) await this.#measure('file-state', 'no', code, { bytes, waitedMs })
    for (const file of whole) if (!signal.aborted) await this.#ifReadable('file-state', file, () => this.#read(file))
    await this.#results(look)
    const now = { at: clock.now(), timezone, waiting: this.#watch.waitingCount, watchedSince: this.#startedAt }
    const due = judgeDue(this.#source, this.#memory, now)
    this.#isUnsaved ||= before !== JSON.stringify([this.#memory.dueAt, this.#memory.missedAt])
    if (due !== null) await this.#measure('file-due', due.verdict, due.code, due.facts)
    await this.#tell('yes', null, {
      files: look.files.size,
      waitingFiles: this.#watch.waitingCount,
      isCut: look.isCut ? 'yes' : 'no',
    })
  }

  async isAway(code: string): Promise<void> {
    await this.#tell('no', code, {})
  }

  #leave(file: SeenFile, at: Instant): void {
    remember(this.#memory, {
      ...file,
      exchangeId: null,
      sha256: null,
      rows: null,
      arrivedAt: file.modifiedAt,
      readAt: at,
      result: null,
    })
  }

  /** A file that can't be read keeps no other from being read; it is told of once, and tried again at every look. */
  async #ifReadable(as: 'file-state' | 'file-result', { name, bytes }: SeenFile, read: () => Promise<void>): Promise<void> {
    const told = `${as} ${name}`
    try {
      await read()
      this.#unreadable.delete(told)
    } catch (error) {
      const code = codeOf(error)
      // It is being written again, or was taken away: the next look tells.
      if (code === 'FILE_CHANGED' || code === 'ENOENT') return
      if (code !== 'EACCES' && code !== 'EPERM') throw error
      if (!this.#unreadable.has(told)) await this.#measure(as, 'no', code, { bytes })
      if (this.#unreadable.size < unreadableMax) this.#unreadable.add(told)
    }
  }

  async #read(file: WholeFile): Promise<void> {
    const { iface, bodyBytesMax, clock } = this.#context
    const { folder, pattern, marker, encoding, results } = this.#source
    const begunMs = clock.monotonic()
    const content = await readContent(join(folder, file.name), bodyBytesMax, this.#gate)
    const exchangeId = deliveryId({ interfaceId: iface.id, file, content })
    const before = rememberContent(this.#memory, content.sha256, exchangeId)
    const delivery = { interfaceId: iface.id, from: iface.from, folder, pattern, file, content }
    const named = { ...delivery, marker: marker === null ? null : companionName(marker, file.name) }
    const exchange = fileExchange(named, before, this.#memory.files.size)
    const at = clock.now()
    const state = stateOf(content, encoding)
    const facts = { bytes: content.bytes, rows: content.rows, encoding: content.encoding, bom: content.hasBom ? 'yes' : 'no' }
    const measurement = this.#measurement(
      'file-state',
      state === null ? 'yes' : 'no',
      state,
      facts,
      at,
      clock.monotonic() - begunMs,
    )
    await this.#emit([
      { kind: 'exchange', at, exchange },
      { kind: 'measurement', at, measurement },
    ])
    const read: ReadFile = {
      name: file.name,
      bytes: file.bytes,
      modifiedAt: file.modifiedAt,
      exchangeId,
      sha256: content.sha256,
      rows: content.rows,
      arrivedAt: file.arrivedAt,
      readAt: at,
      result: results === null ? null : 'awaited',
    }
    remember(this.#memory, read)
    this.#isUnsaved = true
    this.#watch.read(file.name)
  }

  /** Result files that came back, and those that are due and didn't. */
  async #results(look: FolderLook): Promise<void> {
    const { results, stableMs } = this.#source
    if (results === null) return
    const { clock } = this.#context
    for (const file of [...this.#memory.files.values()]) {
      if (file.result !== 'awaited' && file.result !== 'missing') continue
      const at = clock.now()
      const result = look.results.get(companionName(results.name, file.name))
      if (result !== undefined && at - result.modifiedAt >= stableMs)
        await this.#ifReadable('file-result', result, () => this.#result(file, result))
      else if (file.result === 'awaited' && results.withinMs !== null && at - file.readAt > results.withinMs) {
        await this.#measure('file-result', 'no', 'RESULT_MISSING', { waitedMs: at - file.readAt })
        this.#rememberResult(file, 'missing')
      }
    }
  }

  async #result(file: ReadFile, result: SeenFile): Promise<void> {
    const { results } = this.#source
    if (results === null) return
    const isWithin = (rejected: number, rows: number) => rejected <= results.rejectedShareMax * rows
    const content = await readContent(join(results.folder, result.name), resultBytesMax, this.#gate)
    const found = content.body.length < content.bytes ? null : resultRows(textOf(content), results.rejected)
    const code =
      found === null ? 'RESULT_UNREADABLE' : isWithin(found.rejectedRows, file.rows ?? found.rows) ? null : 'ROWS_REJECTED'
    await this.#measure('file-result', code === null ? 'yes' : 'no', code, {
      rows: file.rows,
      resultRows: found?.rows ?? null,
      rejected: found?.rejectedRows ?? null,
      waitedMs: Math.max(0, this.#context.clock.now() - file.readAt),
    })
    this.#rememberResult(file, 'read')
  }

  #rememberResult(file: ReadFile, result: ReadFile['result']): void {
    this.#memory.files.set(file.name, { ...file, result })
    this.#isUnsaved = true
  }

  async #tell(verdict: 'yes' | 'no', code: string | null, facts: Measurement['facts']): Promise<void> {
    const nowMs = this.#context.clock.monotonic()
    if (verdict === this.#verdict && code === this.#code && nowMs - this.#toldMs < tellEveryMs) return
    this.#verdict = verdict
    this.#code = code
    this.#toldMs = nowMs
    await this.#measure('source', verdict, code, facts)
  }

  async #measure(
    name: string,
    verdict: Measurement['verdict'],
    code: string | null,
    facts: Measurement['facts'],
  ): Promise<void> {
    const at = this.#context.clock.now()
    await this.#emit([{ kind: 'measurement', at, measurement: this.#measurement(name, verdict, code, facts, at, null) }])
  }

  #measurement(
    name: string,
    verdict: Measurement['verdict'],
    code: string | null,
    facts: Measurement['facts'],
    at: Instant,
    tookMs: Millis | null,
  ): Measurement {
    const subject = { kind: 'interface' as const, id: this.#context.iface.id }
    return { name, by: 'files', subject, at, verdict, code, tookMs, facts }
  }

  #emit(entries: readonly Entry[]): Promise<void> {
    return this.#context.emit(entries)
  }
}

/** What is wrong with a whole file, or null. */
function stateOf(content: FileContent, expected: FilesSource['encoding']): string | null {
  if (content.bytes === 0) return 'FILE_EMPTY'
  if (expected === 'auto' || content.encoding === expected) return null
  const isAsciiToo = content.encoding === 'ascii' && expected !== 'utf-16'
  return isAsciiToo ? null : 'FILE_ENCODING'
}

/** The system's code of an error (`ENOENT`, `EACCES`, `ESTALE`), or one of ours. Never its text, which holds the path. */
function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : 'FOLDER_UNREADABLE'
}
