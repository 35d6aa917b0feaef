import { Failure } from '../../model/failure.ts'
import { type FailureCode, failure } from '../../model/failures.ts'

/** Runs one call on the database; what SQLite and the disk say no with becomes a Failure of the table. */
export function guarded<T>(file: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw asFailure(error, file) ?? error
  }
}

/** The failure that an error of the driver or the file system means, or null for a bug. */
export function asFailure(error: unknown, file: string): Failure | null {
  if (error instanceof Failure) return error
  const code = codeOf(error)
  return code === null ? null : failure(code, sentences[code], { place: { file }, cause: error })
}

const sentences = {
  DISK_FULL: 'The disk that holds the database is full.',
  STORE_CORRUPT: 'The database file is damaged or is not a database.',
  STORE_UNWRITABLE: 'The database can not be opened for writing.',
  STORE_BUSY: 'The database stayed locked by another process.',
} as const

function codeOf(error: unknown): (keyof typeof sentences & FailureCode) | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) return 'DISK_FULL'
  if (
    'code' in error &&
    (error.code === 'EACCES' ||
      error.code === 'EROFS' ||
      error.code === 'ENOTDIR' ||
      error.code === 'EEXIST' ||
      error.code === 'EIO')
  )
    return 'STORE_UNWRITABLE'
  if (!('errcode' in error) || typeof error.errcode !== 'number') return null
  // https://www.sqlite.org/rescode.html: the low byte is the primary code.
  switch (error.errcode % 256) {
    case 13:
      return 'DISK_FULL'
    case 11:
    case 26:
      return 'STORE_CORRUPT'
    case 8:
    case 10:
    case 14:
      return 'STORE_UNWRITABLE'
    case 5:
    case 6:
      return 'STORE_BUSY'
    default:
      return null
  }
}
