import { type BinaryLike, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** 32 MiB and about a tenth of a second for each guess (OWASP Password Storage, scrypt: N=2^15, r=8, p=3). */
const cost: { readonly logN: number; readonly r: number; readonly p: number } = { logN: 15, r: 8, p: 3 }
const saltBytes = 16
const keyBytes = 32
export const passwordCharactersMin = 12
export const passwordCharactersMax = 200

/** Hashes and compares passwords, a few at a time: each takes 32 MiB, and guesses must not take the machine. */
export interface Passwords {
  /** `$scrypt$ln=15,r=8,p=3$SALT$HASH`, base64url. */
  hash(password: string): Promise<string>
  /** False for a stored text that is no such hash, after the same time. */
  fits(stored: string | null, password: string): Promise<boolean>
}

/** `atOnce` hashes run at the same time, `waitingMax` wait for them; more reject with TooManyPasswords. `logN`: less is only for tests. */
export function createPasswords({ atOnce = 2, waitingMax = 20, logN = cost.logN } = {}): Passwords {
  const turn = createTurns(atOnce, waitingMax)
  // Compared with where there is nobody, so that the answer takes as long.
  const nobody: Read = {
    salt: Buffer.alloc(saltBytes),
    hash: Buffer.alloc(keyBytes),
    options: { N: 2 ** logN, r: cost.r, p: cost.p },
  }
  return {
    hash: async (password) => {
      const salt = randomBytes(saltBytes)
      const { r, p } = cost
      const hash = await turn(() => derived(password, salt, { N: 2 ** logN, r, p }))
      return `$scrypt$ln=${logN},r=${r},p=${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
    },
    fits: async (stored, password) => {
      const read = readHash(stored)
      const { salt, hash, options } = read ?? nobody
      const made = await turn(() => derived(password, salt, options))
      return timingSafeEqual(made, hash) && read !== null
    },
  }
}

/** Too many hashes wait already. */
export class TooManyPasswords extends Error {
  override readonly name = 'TooManyPasswords'
}

/** Why a password can't be taken; null when it can. Length before kinds of characters (NIST SP 800-63B 5.1.1.2). */
export function passwordFault(
  password: string,
  name: string,
): 'too-short' | 'too-long' | 'too-simple' | 'like-the-name' | null {
  const characters = [...password.normalize('NFKC')]
  if (characters.length < passwordCharactersMin) return 'too-short'
  if (characters.length > passwordCharactersMax) return 'too-long'
  if (new Set(characters).size < 6) return 'too-simple'
  return name.length > 2 && password.toLowerCase().includes(name.toLowerCase()) ? 'like-the-name' : null
}

interface Read {
  readonly salt: Buffer
  readonly hash: Buffer
  readonly options: ScryptOptions
}

function readHash(stored: string | null): Read | null {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{16,86})\$([\w-]{43})$/.exec(stored ?? '')
  if (match === null) return null
  const [, logN, r, p, salt = '', hash = ''] = match
  return {
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
    options: { N: 2 ** Number(logN), r: Number(r), p: Number(p) },
  }
}

/** The same characters, however a keyboard composed them (NFKC), give the same hash. */
function derived(password: BinaryLike, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  const text = typeof password === 'string' ? password.normalize('NFKC') : password
  return new Promise((resolve, reject) => {
    scrypt(text, salt, keyBytes, { ...options, maxmem: 128 * 1024 * 1024 }, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

function createTurns(atOnce: number, waitingMax: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) throw new TooManyPasswords('too many passwords are checked at once')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      // The turn is handed on: nobody who comes now gets in between.
      if (next === undefined) running -= 1
      else next()
    }
  }
}
