/** One desk of two on a database: `desk-child.ts FOLDER STARTED_AT URL...`, one webhook for each URL. Works until it is killed. */
import process from 'node:process'
import { comparePositions } from '../../fixtures/observed/made.ts'
import { startDesk } from '../../gateway/desk/desk.ts'
import { openChannel } from '../../gateway/desk/notices/channels/open-channel.ts'
import { secretsFrom } from '../../gateway/store/secrets.ts'
import { openSqliteStore } from '../../gateway/store/sqlite-store.ts'
import { szph } from '../unit/gateway/desk/rules/szph.ts'
import { hastyRules } from './desk-rules.ts'
import { hastyClock } from './hasty-clock.ts'

const [folder = '', startedAt = '0', ...urls] = process.argv.slice(2)
const secrets = secretsFrom(new Uint8Array(32).fill(1))
const store = openSqliteStore({ folder, tokenKeys: [secrets.key('tokens')], bodyKey: null, comparePositions })
const say = (fields: object, message: string) => process.stderr.write(`${JSON.stringify({ ...fields, message })}\n`)
const desk = await startDesk({
  store,
  catalogue: szph,
  formats: new Map(),
  listen: { host: '127.0.0.1', port: 0 },
  clock: hastyClock(Number(startedAt)),
  logger: { info: say, error: say },
  secrets,
  rules: hastyRules,
  channels: urls.map((url, i) =>
    openChannel({ kind: 'webhook', name: `hook-${i + 1}`, language: 'zh', url, secret: 'not a secret' }),
  ),
  journeyPlans: [],
  consoleFolder: null,
  // 50 ms of the wall clock.
  sweepEveryMs: 1_500,
})
process.stdout.write('ready\n')
process.once('SIGTERM', () => {
  void desk.close().then(() => store.close())
})
