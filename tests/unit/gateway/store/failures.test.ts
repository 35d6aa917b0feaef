import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { comparePositions, madeBatch, madeExchange, positionOf } from '../../../../fixtures/observed/made.ts'
import { openBodyFiles } from '../../../../gateway/store/bodies.ts'
import { openSecrets, secretsFrom } from '../../../../gateway/store/secrets.ts'
import { createCommit } from '../../../../gateway/store/sqlite/commit.ts'
import { openConnection } from '../../../../gateway/store/sqlite/connection.ts'
import { guarded } from '../../../../gateway/store/sqlite/guard.ts'
import { openSqliteStore } from '../../../../gateway/store/sqlite-store.ts'
import { createTokens } from '../../../../gateway/store/tokens.ts'

const secrets = secretsFrom(new Uint8Array(32).fill(3))
const folders: string[] = []
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-store-'))
  folders.push(folder)
  return folder
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function open(folder: string) {
  return openSqliteStore({ folder, tokenKeys: [secrets.key('tokens')], bodyKey: null, comparePositions })
}
const batch = (from: number, to: number) =>
  madeBatch(Array.from({ length: to - from + 1 }, (_, i) => madeExchange({ number: from + i })))

describe('a database that can not be used', () => {
  it('is STORE_CORRUPT when the file is something else', () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'auscult.db'), 'x'.repeat(20_000))
    expect(() => open(folder)).toThrow(
      expect.objectContaining({ code: 'STORE_CORRUPT', place: { file: join(folder, 'auscult.db') } }),
    )
  })
  it('is STORE_CORRUPT when pages in its middle are gone', async () => {
    const folder = newFolder()
    const store = open(folder)
    await store.commit(batch(1, 2000))
    await store.close()
    const file = join(folder, 'auscult.db')
    const bytes = readFileSync(file)
    bytes.fill(0xab, 8192 * 3)
    writeFileSync(file, bytes)
    const damaged = async () => {
      const again = open(folder)
      try {
        await again.exchanges({ limit: 2000, key: 'C5' })
        await again.commit(batch(2001, 2002))
      } finally {
        await again.close()
      }
    }
    await expect(damaged()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })
  it('is STORE_VERSION_NEWER when a later program wrote it', async () => {
    const folder = newFolder()
    await open(folder).close()
    const database = new DatabaseSync(join(folder, 'auscult.db'))
    database.exec('PRAGMA user_version = 999')
    database.close()
    expect(() => open(folder)).toThrow(expect.objectContaining({ code: 'STORE_VERSION_NEWER' }))
  })
  it('is STORE_UNWRITABLE when a file stands where its folder should be', () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'file'), '')
    expect(() => open(join(folder, 'file'))).toThrow(expect.objectContaining({ code: 'STORE_UNWRITABLE' }))
    mkdirSync(join(folder, 'directory', 'auscult.db'), { recursive: true })
    expect(() => open(join(folder, 'directory'))).toThrow(expect.objectContaining({ code: 'STORE_UNWRITABLE' }))
  })
})

describe('a full disk', () => {
  it('is DISK_FULL, loses nothing that was committed, and takes the batch again when there is room', () => {
    const folder = newFolder()
    const connection = openConnection(folder)
    const bodies = openBodyFiles(join(folder, 'bodies'), null)
    const { commit } = createCommit({
      connection,
      bodies,
      tokens: createTokens([secrets.key('tokens')]),
      compare: comparePositions,
    })
    const count = () => connection.database.prepare('SELECT count(*) AS n FROM exchanges').get()?.n
    expect(commit(batch(1, 100))).toBe('committed')
    const bodyBytes = bodies.sizeBytes()
    // SQLite answers SQLITE_FULL beyond this many pages, as it does when the file system refuses to grow the file.
    const pages = connection.database.prepare('PRAGMA page_count').get()?.page_count
    connection.database.exec(`PRAGMA max_page_count = ${Number(pages) + 2}`)
    expect(() => guarded(connection.file, () => commit(batch(101, 1100)))).toThrow(
      expect.objectContaining({ code: 'DISK_FULL' }),
    )
    expect(count()).toBe(100)
    expect(bodies.sizeBytes()).toBe(bodyBytes)
    connection.database.exec('PRAGMA max_page_count = 1000000')
    expect(commit(batch(101, 1100))).toBe('committed')
    expect(count()).toBe(1100)
    bodies.close()
    connection.close()
  })
  it('is DISK_FULL when the file system says so', () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    expect(() =>
      guarded('db', () => {
        throw full
      }),
    ).toThrow(expect.objectContaining({ code: 'DISK_FULL' }))
  })
})

describe('bodies', () => {
  it('are absent, never wrong, when their file was cut or changed', async () => {
    for (const key of [null, secrets.key('bodies')]) {
      const folder = newFolder()
      const files = openBodyFiles(folder, key)
      const bytes = Buffer.from('MSH|^~\\&|HIS|SZPH'.repeat(40))
      const { places } = files.append([{ at: 0, bytes }])
      const [place] = places
      if (place === undefined) throw new Error('one place')
      expect(Buffer.from(files.read(place) ?? [])).toEqual(bytes)
      const file = join(folder, '1970-01-01.body')
      const written = readFileSync(file)
      for (let at = 0; at < written.length; at += 1) {
        const changed = Buffer.from(written)
        changed[at] = (changed[at] ?? 0) ^ 1
        writeFileSync(file, changed)
        expect(files.read(place), `byte ${at}`).toBeNull()
      }
      truncateSync(file, written.length - 1)
      expect(files.read(place)).toBeNull()
      files.close()
    }
  })
  it('are unreadable on the disk and under another key when sealed', () => {
    const folder = newFolder()
    const files = openBodyFiles(folder, secrets.key('bodies'))
    const { places } = files.append([{ at: 0, bytes: Buffer.from('PID|1||P0001') }])
    files.close()
    expect(readFileSync(join(folder, '1970-01-01.body')).includes('P0001')).toBe(false)
    const [place] = places
    if (place === undefined) throw new Error('one place')
    expect(openBodyFiles(folder, secretsFrom(new Uint8Array(32)).key('bodies')).read(place)).toBeNull()
    expect(openBodyFiles(folder, null).read(place)).toBeNull()
  })
  it('leave nothing behind when they are taken back', () => {
    const files = openBodyFiles(newFolder(), null)
    files.append([{ at: 0, bytes: Buffer.alloc(10) }])
    const before = files.sizeBytes()
    files
      .append([
        { at: 1, bytes: Buffer.alloc(300_000, 7) },
        { at: 90_000_000, bytes: Buffer.alloc(10) },
      ])
      .undo()
    expect(files.sizeBytes()).toBe(before)
    files.close()
  })
})

describe('two processes', () => {
  it('see each other’s writes, and only one commits a position', async () => {
    const folder = newFolder()
    const [analysis, desk] = [open(folder), open(folder)]
    await analysis.commit(batch(1, 5))
    expect((await desk.exchanges({ limit: 9 })).items).toHaveLength(5)
    expect(await desk.commit(batch(3, 5))).toBe('already-committed')
    expect((await desk.resume()).committed).toBe(positionOf(5))
    await analysis.close()
    await desk.close()
  })
})

describe('the installation key', () => {
  it('is made once, for this user only, and gives each purpose its own key', () => {
    const folder = join(newFolder(), 'secrets')
    const first = openSecrets(folder)
    expect(statSync(join(folder, 'installation.key')).mode & 0o777).toBe(0o600)
    expect(openSecrets(folder).key('bearer').export()).toEqual(first.key('bearer').export())
    expect(first.key('bearer').export()).not.toEqual(first.key('tokens').export())
  })
  it('is SECRET_INVALID when it was cut', () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'installation.key'), 'abc')
    expect(() => openSecrets(folder)).toThrow(expect.objectContaining({ code: 'SECRET_INVALID' }))
  })
})
