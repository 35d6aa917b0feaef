import { writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import process from 'node:process'
import { formats, readSoundConfig, systemClock } from '../app.ts'
import { createPresenter } from '../desk/api/present.ts'
import { Refusal } from '../desk/api/problems.ts'
import { type Bundle, type BundleAsk, type BundleParts, ticketBundle } from '../desk/bundle/bundle.ts'
import { createMessages } from '../desk/messages.ts'
import { failure } from '../model/failures.ts'
import { readArguments } from './arguments.ts'
import { openInstalledStore } from './installed-store.ts'

const usage = 'auscult bundle TICKET --config FILE [--data DIR] --out FILE.zip'

/** Writes the evidence of a ticket, masked, into a zip. Audited as done by whoever runs it on this machine. */
export async function bundle(args: readonly string[]): Promise<number> {
  const options = { config: { type: 'string' }, data: { type: 'string' }, out: { type: 'string' } } as const
  const { values, positionals } = readArguments(args, options, usage)
  const [ticketId, ...more] = positionals
  if (ticketId === undefined || more.length > 0 || values.config === undefined || values.out === undefined)
    throw failure('ARGUMENTS_INVALID', `usage: ${usage}`)
  const config = await readSoundConfig(values.config)
  const store = await openInstalledStore(resolve(values.data ?? 'data'), config)
  try {
    const { catalogue } = config
    const messages = createMessages(store, catalogue, await formats())
    const present = createPresenter(catalogue.hospital.timezone)
    const caller = { name: `${userInfo().username} (command)`, role: 'command' }
    const ask = { ticketId, caller, at: systemClock.now() }
    const { bytes } = await found(ask, { store, messages, catalogue, present })
    await writeFile(values.out, bytes, { mode: 0o600 }).catch((cause: unknown) => {
      throw failure('ARGUMENTS_INVALID', `${values.out} cannot be written`, { cause })
    })
    process.stderr.write(`${values.out}: ${bytes.length} bytes\n`)
    return 0
  } finally {
    await store.close()
  }
}

async function found(ask: BundleAsk, parts: BundleParts): Promise<Bundle> {
  try {
    return await ticketBundle(ask, parts)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'NOT_FOUND')
      throw failure('TICKET_NOT_FOUND', `there is no ticket ${ask.ticketId} in the store`)
    throw error
  }
}
