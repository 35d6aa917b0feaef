import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { openInstallation } from '../app.ts'
import { ownAnchorFile } from '../audit-anchors.ts'
import { type ReadAnchors, readAnchors } from '../desk/audit/anchor-line.ts'
import { checkAudit } from '../desk/audit/check-audit.ts'
import { failure } from '../model/failures.ts'
import { signingKeysFrom } from '../store/audit-chain.ts'
import type { AuditBreach } from '../store/audit-store.ts'
import { openAuditFile } from '../store/sqlite/audit-file.ts'
import { readArguments } from './arguments.ts'

const usage = 'auscult audit verify [--data DIR] [--anchor FILE]... [--json]'

/** Checks the audit's chain, its signatures and its anchors, offline. Exit 1: a record is wrong, and the first one is named. */
export async function audit(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { data: { type: 'string' }, anchor: { type: 'string', multiple: true }, json: { type: 'boolean' } },
    usage,
  )
  if (positionals.length !== 1 || positionals[0] !== 'verify')
    throw failure('ARGUMENTS_INVALID', `what of the audit? usage: ${usage}`)
  const dataFolder = resolve(values.data ?? 'data')
  const secretFile = join(dataFolder, 'secrets', 'installation.key')
  if (!existsSync(secretFile))
    throw failure('AUDIT_UNREADABLE', 'the key of the installation is not here', { place: { file: secretFile } })
  const secrets = await openInstallation(dataFolder)
  const own = ownAnchorFile(dataFolder)
  const given = [...(existsSync(own) ? [own] : []), ...(values.anchor ?? []).map((file) => resolve(file))]
  const anchors = given.map((file) => ({ file, ...readAnchorFile(file) }))
  const opened = openAuditFile(join(dataFolder, 'store'), secrets.key('audit'))
  try {
    const keys = signingKeysFrom(secrets.key('checkpoints'))
    const verdict = await checkAudit({ audit: opened, keys, anchored: anchors.flatMap(({ checkpoints }) => checkpoints) })
    const spoiled = anchors.flatMap(({ file, badLines }) => badLines.map((line) => ({ file, line })))
    if (values.json === true) process.stdout.write(`${JSON.stringify({ ...verdict, spoiledAnchorLines: spoiled })}\n`)
    else process.stdout.write(verdictText(verdict, spoiled))
    if (verdict.anchoredUpTo === 0)
      process.stderr.write('auscult: no anchor: records that were cut off with everything after them could not be missed\n')
    return verdict.breach === null && spoiled.length === 0 ? 0 : 1
  } finally {
    opened.close()
  }
}

function readAnchorFile(file: string): ReadAnchors {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw failure('ANCHOR_UNREADABLE', 'the anchor file can not be read', { place: { file }, cause })
  }
  const read = readAnchors(text)
  if (read.checkpoints.length === 0 && read.badLines.length === 0 && text.trim() !== '')
    throw failure('ANCHOR_UNREADABLE', 'the file holds no anchor', { place: { file } })
  return read
}

const words: { readonly [W in AuditBreach['why']]: string } = {
  altered: 'it, or the record before it, is not as it was written',
  missing: 'it was taken out, or another one put in its place',
  'cut-off': 'the chain ends before it, and did not when it was last sealed, signed or anchored',
  contradicted: 'a signature or an anchor says that another one stood there',
  unsigned: 'a signature or an anchor of it is not of this installation',
}

function verdictText(
  verdict: Awaited<ReturnType<typeof checkAudit>>,
  spoiled: readonly { readonly file: string; readonly line: number }[],
): string {
  const { records, breach, signedUpTo, anchoredUpTo } = verdict
  const head =
    breach === null
      ? `the audit is whole: ${records} records; signed up to ${signedUpTo}, anchored up to ${anchoredUpTo}`
      : `record ${breach.number} is wrong: ${words[breach.why]} (${breach.why}); ${Math.min(records, breach.number - 1)} records before it are whole`
  return [
    head,
    ...spoiled.map(({ file, line }) => `${file}:${line}: this line of the anchor is not as it was written`),
    '',
  ].join('\n')
}
