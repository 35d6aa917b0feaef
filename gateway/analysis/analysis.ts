import type { Declaration } from '../model/change.ts'
import type { LogBatch, LoggedEntry, LogReader, Position } from '../model/entry.ts'
import { Failure } from '../model/failure.ts'
import type { Json } from '../model/json.ts'
import type { Logger } from '../model/logger.ts'
import type { BatchResults } from '../model/observed.ts'
import { type Clock, type Millis, pause } from '../model/time.ts'
import type { Engine, EngineChanges } from './engine.ts'
import { type BodyReaders, createReadAhead, type ReadAhead, type ReadBatch } from './read-ahead.ts'

/** Where analysis left off. */
export interface Resume {
  readonly committed: Position | null
  readonly checkpoint: { readonly position: Position; readonly state: Json } | null
}

/** What somebody declared. `after`: it counts for the entries after that position; null: from the first on. */
interface Taken {
  readonly num: number
  readonly declaration: Declaration
  readonly after: Position | null
}

/** What analysis needs of the Database. */
export interface ResultsStore {
  resume(): Promise<Resume>
  /** What people declared and nobody has taken yet, oldest first. */
  untakenDeclarations(limit: number): Promise<readonly Omit<Taken, 'after'>[]>
  /** What was taken since the checkpoint, in order. */
  takenDeclarations(): Promise<readonly Taken[]>
  /** `already-committed` when the position isn't after the one that stands there. */
  commit(results: BatchResults): Promise<'committed' | 'already-committed'>
}

export interface AnalysisOptions {
  readonly log: LogReader
  readonly store: ResultsStore
  startEngine(saved: Json | null): Engine
  /** Left out: bodies are read where everything else is thought. */
  readonly bodyReaders?: BodyReaders
  /** Order of the log's positions. */
  isAfter(a: Position, b: Position): boolean
  readonly clock: Clock
  readonly logger: Logger
  /** Ends the loop after the batch at hand. */
  readonly signal: AbortSignal
  readonly limits?: Partial<AnalysisLimits>
}

export interface AnalysisLimits {
  readonly batchEntries: number
  readonly batchBytes: number
  /** A checkpoint is written with the first batch after so many entries, or after so much log time. */
  readonly checkpointEntries: number
  readonly checkpointMs: Millis
  /** How long to wait for new entries before looking again. */
  readonly waitMs: Millis
  /** Pause before a batch that could not be written is tried again. */
  readonly retryMs: Millis
}

const defaults: AnalysisLimits = {
  batchEntries: 2_000,
  batchBytes: 8 * 1024 * 1024,
  checkpointEntries: 50_000,
  checkpointMs: 15_000,
  waitMs: 1_000,
  retryMs: 1_000,
}

/** Declarations that are taken before one batch. */
const declarationsMax = 500

/**
 * Reads the Log from the committed position, thinks, and writes results and position in one transaction, for ever.
 * What people declared is taken between batches, and where is written with the batch. After a kill the engine is rebuilt exactly: the
 * last checkpoint is loaded and the log is read again, without writing, up to the committed position, with everything declared again
 * where it was. Returns when the signal aborts.
 */
export async function runAnalysis(options: AnalysisOptions): Promise<void> {
  const { log, store, signal } = options
  const limits = { ...defaults, ...options.limits }
  const resume = await store.resume()
  const engine = options.startEngine(resume.checkpoint?.state ?? null)
  const limit = { entries: limits.batchEntries, bytes: limits.batchBytes }
  const ahead = createReadAhead({ log, limit, readers: options.bodyReaders ?? null, read: engine.read })
  let position = await catchUp(engine, ahead, options, resume)
  const pace = createPace(limits)
  /** Passed over with no entry behind it yet to be written with. */
  let lostBytes = 0
  while (!signal.aborted) {
    const { batch, contents } = await ahead.after(position)
    const last = batch.entries.at(-1)
    // Where reading didn't get past it, it is told again.
    if (last || batch.next !== position) lostBytes += batch.lost.reduce((sum, lost) => sum + lost.bytes, 0)
    if (!last) {
      position = batch.next ?? position
      await log.wait(position, limits.waitMs, signal)
      continue
    }
    const taken = await takeDeclarations(engine, store, position)
    const changes = engine.take(batch.entries, contents)
    const isCheckpoint = pace(batch.entries.length, changes.now)
    await commit(options, limits, {
      ...resultsOf(batch, last, changes, isCheckpoint ? engine.save() : null),
      lostBytes,
      declarations: taken,
    })
    lostBytes = 0
    position = last.position
  }
}

/** Brings the engine from its checkpoint to the committed position. */
async function catchUp(engine: Engine, ahead: ReadAhead, options: AnalysisOptions, resume: Resume): Promise<Position | null> {
  const { committed } = resume
  let position = resume.checkpoint?.position ?? null
  const waiting = [...(await options.store.takenDeclarations())]
  while (committed !== null && position !== committed && !options.signal.aborted) {
    const { batch, contents } = await ahead.after(position)
    const known = batch.entries.filter((e) => !options.isAfter(e.position, committed))
    const last = known.at(-1)
    if (!last) break
    replay(engine, { entries: known, contents }, waiting, options.isAfter)
    position = last.position
  }
  engine.declare(waiting.map(({ declaration }) => declaration))
  if (position !== committed)
    options.logger.warn(
      { committed },
      'the log no longer holds all entries since the checkpoint: analysis starts from what is left',
    )
  return committed ?? position
}

/** Takes the entries, and declares between them what waits for its place; removes it from what waits. */
function replay(
  engine: Engine,
  { entries, contents }: { readonly entries: readonly LoggedEntry[]; readonly contents: ReadBatch['contents'] },
  waiting: Taken[],
  isAfter: (a: Position, b: Position) => boolean,
): void {
  const take = (from: number, to: number) =>
    engine.take(entries.slice(from, to), contents && ((place) => contents(from + place)))
  let from = 0
  for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
    const { after, declaration } = next
    const to = entries.findIndex(({ position }) => after === null || isAfter(position, after))
    if (to === -1) break
    if (to > from) take(from, to)
    engine.declare([declaration])
    waiting.shift()
    from = to
  }
  take(from, entries.length)
}

/** What can't be read now is read before the next batch: whatever is wrong with the store shows when results are written. */
async function takeDeclarations(
  engine: Engine,
  store: ResultsStore,
  position: Position | null,
): Promise<readonly { readonly num: number; readonly after: Position | null }[]> {
  try {
    const untaken = await store.untakenDeclarations(declarationsMax)
    engine.declare(untaken.map(({ declaration }) => declaration))
    return untaken.map(({ num }) => ({ num, after: position }))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return []
  }
}

async function commit(options: AnalysisOptions, limits: AnalysisLimits, results: BatchResults): Promise<void> {
  let isReported = false
  while (!options.signal.aborted) {
    try {
      const done = await options.store.commit(results)
      if (done === 'already-committed')
        options.logger.error(
          { position: results.position },
          'results of an earlier position were not written: is another analysis at work?',
        )
      if (isReported) options.logger.info({}, 'results are written again')
      return
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      // The log keeps everything meanwhile; nothing is lost by waiting.
      if (!isReported) options.logger.error({ code: error.code }, `results cannot be written: ${error.message}; trying again`)
      isReported = true
      await pause(options.clock, limits.retryMs, options.signal)
    }
  }
}

function resultsOf(
  batch: LogBatch,
  last: LoggedEntry,
  changes: EngineChanges,
  checkpoint: Json | null,
): Omit<BatchResults, 'lostBytes'> {
  const ticks = batch.entries.flatMap(({ entry }) => (entry.kind === 'tick' ? [entry] : []))
  const newest = new Map(ticks.map((tick) => [tick.health.edgeId, tick]))
  return {
    position: last.position,
    now: changes.now,
    exchanges: changes.exchanges,
    alerts: changes.alerts,
    incidents: changes.incidents,
    clocks: changes.clocks,
    ticks: [...newest.values()].map(({ at, health }) => ({
      at,
      edgeId: health.edgeId,
      health: { ...health, clock: { ...health.clock }, dropped: { ...health.dropped }, listening: { ...health.listening } },
    })),
    dropped: ticks.flatMap(({ at, health }) =>
      Object.entries(health.dropped).map(([reason, count]) => ({ at, reason, count })),
    ),
    checkpoint,
  }
}

/** Says when a checkpoint is due. The first batch makes one, so that a restart never reads the whole log again. */
function createPace(limits: AnalysisLimits): (entries: number, now: number) => boolean {
  let entriesSince = Number.POSITIVE_INFINITY
  let lastAt = 0
  return (entries, now) => {
    entriesSince += entries
    // Log time may go back, with a gateway's clock that was set back.
    if (entriesSince < limits.checkpointEntries && Math.abs(now - lastAt) < limits.checkpointMs) return false
    entriesSince = 0
    lastAt = now
    return true
  }
}
