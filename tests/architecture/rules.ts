import type { Source } from './source.ts'

export interface Breach {
  readonly rule: string
  readonly path: string
  readonly what: string
}

/** A rule of docs/architecture.md or of the style, as a test over the sources. `planted` breaks it, to show that it can fail. */
export interface Rule {
  readonly name: string
  check(sources: readonly Source[]): readonly Breach[]
  readonly planted: readonly { readonly path: string; readonly text: string }[]
}

const production = /^(gateway|adapters|contracts|monitors|console)\//
const ours = /^(gateway|adapters|contracts|monitors|console|fixtures|tests|bench)\//

export const rules: readonly Rule[] = [
  importRule('model imports nothing of ours', /^gateway\/model\//, (to) => ours.test(to) && !to.startsWith('gateway/model/'), {
    path: 'gateway/model/planted.ts',
    text: "import { x } from '../edge/pair.ts'\n",
  }),
  importRule(
    'adapters, contracts, monitors and incidents import only the model and themselves',
    /^(adapters|contracts|monitors|gateway\/incidents)\//,
    (to, from) => ours.test(to) && !to.startsWith('gateway/model/') && !to.startsWith(area(from)),
    { path: 'monitors/planted.ts', text: "import { x } from '../gateway/store/store.ts'\n" },
  ),
  importRule(
    'adapters never import each other',
    /^adapters\/[^/]+\/[^/]+\//,
    (to, from) => to.startsWith('adapters/') && !to.startsWith(`${from.split('/').slice(0, 3).join('/')}/`),
    { path: 'adapters/formats/planted/read.ts', text: "import { x } from '../hl7v2/read.ts'\n" },
  ),
  importRule(
    'what is in the folder of a monitor is of that monitor alone',
    /^monitors\//,
    (to, from) => ownerOf(to) !== null && ownerOf(to) !== ownerOf(from) && from !== `monitors/${ownerOf(to)}.ts`,
    { path: 'monitors/planted.ts', text: "import { x } from './clock/bounds.ts'\n" },
  ),
  importRule(
    'what must be pure does no I/O',
    /^(gateway\/model|gateway\/incidents|contracts|monitors|adapters\/(protocols|formats))\//,
    (to, from) => isIo(to) && !from.endsWith('/generate.ts'),
    { path: 'monitors/planted.ts', text: "import { readFile } from 'node:fs/promises'\n" },
  ),
  importRule(
    'the edge sees neither store nor desk nor analysis',
    /^gateway\/edge\//,
    (to) => /^gateway\/(store|desk|analysis|incidents)\//.test(to),
    {
      path: 'gateway/edge/planted.ts',
      text: "import { x } from '../store/store.ts'\n",
    },
  ),
  driverRule('node:sqlite', /^gateway\/store\//),
  driverRule('pg', /^gateway\/store\//),
  driverRule('express', /^gateway\/desk\//),
  driverRule('openid-client', /^gateway\/desk\/access\/provider\.ts$/),
  driverRule('kafkajs', /^(gateway\/log\/|adapters\/sources\/kafka\/driver\.ts$)/),
  driverRule('dcmjs-dimse', /^adapters\/(probes\/c-echo|sources\/dicom-copies\/storage-scp)\.ts$/),
  driverRule('fhir-kit-client', /^adapters\/probes\/fhir\.ts$/),
  driverRule('node-hl7-client', /^(adapters\/probes\/build-message\.ts$|.*\/generate\.ts$)/),
  importRule(
    'the taps see nothing of the edge, the log, the store or the desk',
    /^gateway\/taps\//,
    (to) => /^gateway\/(edge|log|store|desk|analysis|incidents)\//.test(to),
    { path: 'gateway/taps/planted.ts', text: "import { x } from '../edge/pair.ts'\n" },
  ),
  importRule(
    'only the composition root assembles',
    /^gateway\/(?!app|cli|commands\/)/,
    (to, from) =>
      to.startsWith('gateway/') && room(to) !== room(from) && !isPort(to) && room(from) !== null && room(to) !== null,
    { path: 'gateway/desk/planted.ts', text: "import { x } from '../edge/splice.ts'\n" },
  ),
  importRule('production imports no test, fixture or bench', production, (to) => /^(tests|fixtures|bench)\//.test(to), {
    path: 'gateway/planted.ts',
    text: "import { x } from '../tests/laws/log.ts'\n",
  }),
  {
    name: 'no cycles',
    check: cycles,
    planted: [
      { path: 'monitors/a.ts', text: "import { b } from './b.ts'\n" },
      { path: 'monitors/b.ts', text: "import { a } from './a.ts'\n" },
    ],
  },
  codeRule(
    'time and chance are passed in',
    /^(?!tests\/|bench\/|fixtures\/|console\/)/,
    /\bDate\.now\b|\bnew Date\(\)|\bsetTimeout\b|\bsetInterval\b|\bMath\.random\b|\bperformance\.now\b/,
    {
      path: 'monitors/planted.ts',
      text: 'export const at = Date.now()\n',
    },
    ['gateway/clock.ts'],
  ),
  codeRule('no casts but as const', /^/, /\bas\s+(?!const\b)[\w({[]/, {
    path: 'monitors/planted.ts',
    text: 'export const x = JSON.parse("1") as number\n',
  }),
  codeRule(
    'no skipped or lonely tests',
    /^tests\//,
    /\b(?:it|test|describe)\.(?:skip|only|todo)\b\(/,
    {
      path: 'tests/planted.ts',
      text: "it.only('x', () => {})\n",
    },
    ['tests/peers/missing.ts'],
  ),
  textRule('no leftover marks', /^(?!tests\/architecture)/, /\b(?:TODO|FIXME|XXX)\b/, {
    path: 'monitors/planted.ts',
    text: '// TODO later\n',
  }),
  {
    name: 'a file has at most 300 lines',
    check: tooLong,
    planted: [{ path: 'monitors/planted.ts', text: 'export {}\n'.repeat(301) }],
  },
  {
    name: 'no barrels, no vague names',
    check: (sources) =>
      sources
        .filter(
          (s) => production.test(s.path) && /(^|[/-])(types|utils?|helpers?|manager|service|misc|common)\.tsx?$/i.test(s.path),
        )
        .map((s) => ({ rule: 'no barrels, no vague names', path: s.path, what: 'say what it holds' })),
    planted: [{ path: 'monitors/utils.ts', text: 'export {}\n' }],
  },
]

function importRule(
  name: string,
  from: RegExp,
  isForbidden: (to: string, from: string) => boolean,
  planted: { path: string; text: string },
): Rule {
  const check = (sources: readonly Source[]) =>
    sources
      .filter((s) => from.test(s.path))
      .flatMap((s) =>
        s.imports.filter((to) => isForbidden(to, s.path)).map((to) => ({ rule: name, path: s.path, what: `imports ${to}` })),
      )
  return { name, check, planted: [planted] }
}

function driverRule(driver: string, home: RegExp): Rule {
  return importRule(
    `${driver} stays behind its port`,
    production,
    (to, from) => (to === driver || to.startsWith(`${driver}/`)) && !home.test(from),
    {
      path: 'gateway/analysis/planted.ts',
      text: `import x from '${driver}'\n`,
    },
  )
}

function codeRule(
  name: string,
  where: RegExp,
  banned: RegExp,
  planted: { path: string; text: string },
  except: readonly string[] = [],
): Rule {
  return lineRule(name, (s) => (where.test(s.path) && !except.includes(s.path) ? s.code : ''), banned, planted)
}

function textRule(name: string, where: RegExp, banned: RegExp, planted: { path: string; text: string }): Rule {
  return lineRule(name, (s) => (where.test(s.path) ? s.text : ''), banned, planted)
}

function lineRule(
  name: string,
  textOf: (source: Source) => string,
  banned: RegExp,
  planted: { path: string; text: string },
): Rule {
  const check = (sources: readonly Source[]) =>
    sources.flatMap((s) =>
      textOf(withoutRenames(s))
        .split('\n')
        .flatMap((line, i) =>
          banned.test(line) ? [{ rule: name, path: `${s.path}:${i + 1}`, what: line.trim().slice(0, 100) }] : [],
        ),
    )
  return { name, check, planted: [planted] }
}

/** `import { a as b }`, `export * as c` and mapped-type keys rename; they cast nothing. */
function withoutRenames(source: Source): Source {
  const code = source.code
    .replace(/\b(?:import|export)\b(?:\s+type)?\s*(?:\{[^}]*\}|\*\s+as\s+\w+)/g, (m) => m.replace(/[^\n]/g, ' '))
    .replace(/\[\w+ in [^\]]*\]/g, (m) => m.replace(/[^\n]/g, ' '))
  return { ...source, code }
}

function tooLong(sources: readonly Source[]): readonly Breach[] {
  return sources
    .filter((s) => production.test(s.path) && s.text.split('\n').length > 301 && !/Exempt from the file length/i.test(s.text))
    .map((s) => ({ rule: 'a file has at most 300 lines', path: s.path, what: `${s.text.split('\n').length} lines` }))
}

function cycles(sources: readonly Source[]): readonly Breach[] {
  const edges = new Map(sources.map((s) => [s.path, s.imports.filter((to) => ours.test(to))]))
  const done = new Set<string>()
  const found: Breach[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push({ rule: 'no cycles', path, what: [...trail.slice(trail.indexOf(path)), path].join(' -> ') })
      return
    }
    if (done.has(path)) return
    for (const to of edges.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return found
}

/** The part of the tree that a pure file may import besides the model. */
function area(path: string): string {
  return path.startsWith('adapters/probes/')
    ? 'adapters/probes/'
    : path.startsWith('adapters/')
      ? `${path.split('/').slice(0, 3).join('/')}/`
      : path.startsWith('gateway/incidents/')
        ? 'gateway/incidents/'
        : `${path.split('/')[0]}/`
}

/** The monitor whose folder it lies in; null for the monitors themselves and for what they share. */
function ownerOf(path: string): string | null {
  const folder = /^monitors\/([^/]+)\//.exec(path)?.[1] ?? null
  return folder === 'shared' || folder === 'statistics' ? null : folder
}

/** edge, taps, log, store, analysis, incidents or desk; null for what lies directly in gateway/ and for the model. */
function room(path: string): string | null {
  return /^gateway\/(edge|taps|log|store|analysis|incidents|desk)\//.exec(path)?.[1] ?? null
}

/** What other rooms may import: the store's port, the installation's keys, the audit chain's arithmetic, and the list of causes, which is data. (The Log's port is in the model.) */
function isPort(path: string): boolean {
  return (
    (/^gateway\/store\/(?:store|[a-z]+-store)\.ts$/.test(path) && path !== 'gateway/store/sqlite-store.ts') ||
    path === 'gateway/store/audit-chain.ts' ||
    path === 'gateway/store/secrets.ts' ||
    path === 'gateway/incidents/catalogue.ts'
  )
}

function isIo(to: string): boolean {
  return (
    /^node:(fs|net|tls|http|https|child_process|worker_threads|dgram|os|sqlite)/.test(to) ||
    ['express', 'pino', 'pg', 'kafkajs'].includes(to)
  )
}
