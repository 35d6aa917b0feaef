/**
 * Commits batches of exchanges 1, 2, 3, ... from where the store says it stopped, until it is killed. One batch in three is
 * committed twice, and one begins before the committed position, as a replay after a crash would.
 */
import { comparePositions, madeBatch, madeExchange } from '../../../../fixtures/observed/made.ts'
import { secretsFrom } from '../../../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../../../gateway/store/sqlite-store.ts'

const folder = process.argv[2] ?? ''
const secrets = secretsFrom(new Uint8Array(32).fill(1))
const store = openSqliteStore({ folder, tokenKeys: [secrets.key('tokens')], bodyKey: secrets.key('bodies'), comparePositions })
const { committed } = await store.resume()
let last = committed === null ? 0 : Number(committed)
process.stdout.write('open\n')
for (let round = last; ; round += 1) {
  const size = 1 + ((round * 37) % 90)
  const from = Math.max(1, last + 1 - (round % 5 === 0 ? 10 : 0))
  const batch = madeBatch(Array.from({ length: last + size - from + 1 }, (_, i) => madeExchange({ number: from + i })))
  await store.commit(batch)
  if (round % 3 === 0) await store.commit(batch)
  last += size
}
