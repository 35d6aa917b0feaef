import { expect, it } from 'vitest'
import { judgeDue } from '../../../../../adapters/sources/files/due.ts'
import {
  emptyMemory,
  type FileMemory,
  loadedMemory,
  remember,
  rememberContent,
  savedMemory,
} from '../../../../../adapters/sources/files/file-memory.ts'
import type { FilesSource } from '../../../../../gateway/model/interface.ts'
import { plain } from '../../../../../gateway/model/saved.ts'

const source: FilesSource = {
  folder: '/drop',
  pattern: '*',
  marker: null,
  everyMs: 10_000,
  stableMs: 15_000,
  graceMs: 600_000,
  deadline: '02:30',
  encoding: 'auto',
  results: null,
}
const at = (iso: string) => Date.parse(`${iso}+08:00`)
const judge = (memory: FileMemory, now: string, more: { waiting?: number; watchedSince?: string } = {}) =>
  judgeDue(source, memory, {
    at: at(now),
    timezone: 'Asia/Shanghai',
    waiting: more.waiting ?? 0,
    watchedSince: at(more.watchedSince ?? '2026-11-20T00:00:00'),
  })

function arrive(memory: FileMemory, name: string, when: string, bytes = 100): void {
  const arrivedAt = at(when)
  const file = { name, bytes, modifiedAt: arrivedAt, exchangeId: name, sha256: name, rows: 1, result: null }
  remember(memory, { ...file, arrivedAt, readAt: arrivedAt })
}

/** A folder that has been watched for a day. */
function watched(): FileMemory {
  const memory = emptyMemory()
  expect(judge(memory, '2026-11-21T12:00:00')).toBeNull()
  return memory
}

it('judges a day once, after what came in time had time to be read', () => {
  const memory = watched()
  arrive(memory, 'a.csv', '2026-11-22T02:29:59')
  expect(judge(memory, '2026-11-22T02:30:20')).toBeNull()
  expect(judge(memory, '2026-11-22T02:31:00')).toEqual({ verdict: 'yes', code: null, facts: { deadline: '02:30', files: 1 } })
  expect(judge(memory, '2026-11-22T09:00:00')).toBeNull()
})

it('says what is missing, and when it comes after all', () => {
  const memory = watched()
  expect(judge(memory, '2026-11-22T02:31:00')).toMatchObject({ verdict: 'no', code: 'FILE_MISSING' })
  expect(judge(memory, '2026-11-22T03:00:00')).toBeNull()
  arrive(memory, 'a.csv', '2026-11-22T04:30:00')
  expect(judge(memory, '2026-11-22T04:31:00')).toEqual({
    verdict: 'yes',
    code: 'FILE_LATE',
    facts: { deadline: '02:30', files: 1, lateMs: 7_200_000 },
  })
  // The late one is none of the next day's.
  expect(judge(memory, '2026-11-23T02:31:00')).toMatchObject({ verdict: 'no', code: 'FILE_MISSING' })
})

it('tells a file that is not whole, and an empty one, from none', () => {
  expect(judge(watched(), '2026-11-22T02:31:00', { waiting: 1 })).toMatchObject({ code: 'FILE_INCOMPLETE' })
  const memory = watched()
  arrive(memory, 'a.csv', '2026-11-22T01:00:00', 0)
  expect(judge(memory, '2026-11-22T02:31:00')).toMatchObject({ verdict: 'no', code: 'FILE_EMPTY' })
})

it('gives a folder that it has just begun to watch again time to be read', () => {
  const memory = watched()
  const restarted = { watchedSince: '2026-11-22T06:00:00' }
  expect(judge(memory, '2026-11-22T06:00:20', restarted)).toBeNull()
  arrive(memory, 'a.csv', '2026-11-22T01:00:00')
  expect(judge(memory, '2026-11-22T06:01:00', restarted)).toMatchObject({ verdict: 'yes' })
})

it('takes a delivery that is read again for no second one', () => {
  const memory = emptyMemory()
  expect(rememberContent(memory, 'digest', 'first')).toBeNull()
  expect(rememberContent(memory, 'digest', 'first')).toBeNull()
  expect(rememberContent(memory, 'digest', 'second')).toEqual({ exchangeId: 'first', copies: 0 })
  expect(rememberContent(memory, 'digest', 'third')).toEqual({ exchangeId: 'first', copies: 1 })
})

it('remembers across restarts', () => {
  const memory = watched()
  judge(memory, '2026-11-22T02:31:00')
  arrive(memory, 'a.csv', '2026-11-22T04:30:00')
  memory.contents.set('digest', { exchangeId: 'a.csv', copies: 2 })
  const again = loadedMemory(plain(savedMemory(memory)))
  expect(again).toEqual(memory)
  expect(loadedMemory(null)).toBeNull()
  expect(loadedMemory({ version: 1, files: 'damaged' })).toBeNull()
})
