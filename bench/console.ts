/**
 * The console on a week of traffic, as people have it: the served pages in Chromium with an empty cache, searches over HTTP, and what each page weighs.
 *
 *   node bench/console.ts --folder FOLDER [--exchanges 5000000] [--opens 10] [--asks 300]
 *
 * FOLDER keeps the store for the next time (5 million exchanges: ten minutes, 2.6 GB). The console must be built.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pino from 'pino'
import { createChance } from '../fixtures/hospital/chance.ts'
import { formats, known } from '../gateway/app.ts'
import journeyPlans from '../gateway/catalogue/journeys.json' with { type: 'json' }
import { systemClock } from '../gateway/clock.ts'
import { loadConfig } from '../gateway/config/config.ts'
import { issueBearer } from '../gateway/desk/access/bearer.ts'
import { createSignInSecret, signInPath } from '../gateway/desk/access/session.ts'
import { startDesk } from '../gateway/desk/desk.ts'
import { customerRules } from '../gateway/desk/rules/read-rules.ts'
import { openBrowser, signInBy } from '../tests/e2e/browser.ts'
import { consoleDist } from '../tests/e2e/console-dist.ts'
import { pageSizes } from '../tests/e2e/page-sizes.ts'
import { endOf, openFilled, secrets } from './console-store.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    exchanges: { type: 'string', default: '5000000' },
    opens: { type: 'string', default: '10' },
    asks: { type: 'string', default: '300' },
  },
})
if (values.folder === undefined) throw new Error('say where the store is kept: --folder FOLDER')
const total = Number(values.exchanges)
const opens = Number(values.opens)
const asks = Number(values.asks)

const { config } = await loadConfig(fileURLToPath(new URL('../deploy/demo/auscult.yaml', import.meta.url)), await known())
if (config === null) throw new Error('the configuration of the demonstration is wrong')
const { catalogue } = config
const real = systemClock()
const clock = { ...real, now: () => endOf(total) + real.monotonic() }
const store = await openFilled(values.folder, total, catalogue)
const desk = await startDesk({
  ...{ store, catalogue, clock, secrets, journeyPlans, rules: customerRules, consoleFolder: consoleDist },
  formats: await formats(),
  listen: { host: '127.0.0.1', port: 0 },
  logger: pino({ level: 'silent' }),
  requestsPerMinute: 1_000_000,
})
try {
  const { rowBytes } = await store.size()
  console.log(`${total} exchanges stored, ${Math.round(rowBytes / 1e6)} MB of rows`)
  await openPages()
  await search()
} finally {
  await desk.close()
  await store.close()
}
for (const [page, bytes] of Object.entries(pageSizes())) console.log(`${page}: ${Math.round(bytes / 1000)} kB after gzip`)

/** From the click on the address to the first paint, and to the page's rows standing there; each time with an empty cache. */
async function openPages(): Promise<void> {
  const pages = {
    board: ['/', '.board-table tbody tr'],
    exchanges: ['/exchanges', '[data-row]'],
    'refused of one interface': ['/exchanges?interface=his-ris-exam-order&outcome=failed', '[data-row]'],
    interface: ['/interfaces/his-ris-exam-order', '.chart canvas'],
    tickets: ['/tickets?state=all', '.ticket'],
  } as const
  for (const [name, [path, ready]] of Object.entries(pages)) {
    const painted: number[] = []
    const drawn: number[] = []
    for (let round = 0; round < opens; round += 1) {
      await using browser = await openBrowser({ width: 1366, height: 768 })
      const page = await browser.context.newPage()
      await signInBy(page, `${desk.url}${signInPath(await createSignInSecret(store, 'bench', 'engineer', clock.now()))}`)
      const { cookies } = await browser.context.storageState()
      await using empty = await openBrowser({ width: 1366, height: 768 })
      await empty.context.addCookies(cookies)
      const cold = await empty.context.newPage()
      await cold.goto(`${desk.url}${path}`, { waitUntil: 'commit' })
      await cold.waitForSelector(ready)
      drawn.push(await cold.evaluate<number>('performance.now()'))
      painted.push(
        await cold.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN`),
      )
    }
    console.log(`${name}: first paint ${spread(painted)}, its rows ${spread(drawn)}`)
  }
}

/** What people type into the one search box and narrow lists by, over HTTP. */
async function search(): Promise<void> {
  const chance = createChance(5)
  const token = await issueBearer(secrets.key('bearer'), { role: 'engineer', ttlMs: 3_600_000, now: clock.now() })
  const order = () => chance.whole(0, Math.floor(total / 5) - 1)
  const iface = () => chance.pick(catalogue.interfaces.map(({ id }) => id))
  const kinds: { readonly [kind: string]: () => string } = {
    'order number': () => `q=O${order()}`,
    'accession number': () => `key=A${order()}`,
    patient: () => `q=P${order() % 20_011}`,
    visit: () => `q=V${order() % 40_009}`,
    'control id': () => `q=C${chance.whole(1, total)}`,
    'a number that nothing has': () => `q=X${order()}`,
    'message type': () => `q=${encodeURIComponent(chance.pick(['ADT^A08', 'ORU^R01', 'OML^O21']))}`,
    'one interface': () => `interface=${iface()}`,
    'refused of one interface': () => `interface=${iface()}&outcome=failed`,
    'unanswered of one interface (there are none)': () => `interface=${iface()}&outcome=unanswered`,
    'unanswered anywhere (there are none)': () => 'outcome=unanswered',
    'a type that the interface never has': () => `interface=${iface()}&type=SIU%5ES12`,
    'refused of a type that nothing has': () => 'outcome=failed&type=SIU%5ES12',
    'a type of one interface': () => `interface=${iface()}&type=${encodeURIComponent('ORU^R01')}`,
    'a patient at one interface': () => `q=P${order() % 20_011}&interface=${iface()}`,
    'refused in an hour': () => `outcome=failed&from=${hourFrom(chance.next())}`,
  }
  const all: number[] = []
  for (const [kind, query] of Object.entries(kinds)) {
    const took: number[] = []
    for (let ask = 0; ask < Math.ceil(asks / Object.keys(kinds).length); ask += 1) {
      const begun = performance.now()
      const answer = await fetch(`${desk.url}/api/v1/exchanges?${query()}&limit=50`, {
        headers: { authorization: `Bearer ${token}` },
      })
      await answer.arrayBuffer()
      took.push(performance.now() - begun)
      if (answer.status !== 200) throw new Error(`${kind}: ${answer.status}`)
    }
    all.push(...took)
    console.log(`search by ${kind}: ${spread(took)}`)
  }
  console.log(`search, all kinds: ${spread(all)}`)
}

function hourFrom(share: number): string {
  const from = endOf(total) - share * 6 * 86_400_000
  return `${new Date(from).toISOString()}&to=${new Date(from + 3_600_000).toISOString()}`
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (q: number) => Math.round(sorted[Math.min(Math.ceil(q * sorted.length), sorted.length) - 1] ?? Number.NaN)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`
}
