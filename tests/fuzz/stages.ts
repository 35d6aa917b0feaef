import { standardContractOf } from '../../contracts/languages.ts'
import { libraryIds } from '../../contracts/library.ts'
import { formats } from '../../gateway/app.ts'
import { compileContractFile, readContractFile } from '../../gateway/contract-files.ts'
import type { Format } from '../../gateway/model/document.ts'
import type { Exchange } from '../../gateway/model/exchange.ts'
import type { FormatName } from '../../gateway/model/interface.ts'
import type { CompiledContract } from '../../gateway/model/violation.ts'
import type { Stage } from './wire.fuzz.ts'

/** One reading in so many also makes what only people look at: tree and text. */
const lookEvery = 50

/**
 * What comes after pairing, live: every body is read by one of these formats in turn (facts; tree and text of some), and held to one of the format's contracts in
 * turn, the standard among them.
 */
export async function bodyStages(names: readonly FormatName[]): Promise<readonly Stage[]> {
  const known = await formats()
  const readers = names.flatMap((name) => {
    const format = known.get(name)
    return format === undefined ? [] : [{ format, contracts: contractsOf(name) }]
  })
  let count = 0
  return [
    (exchange) => {
      const answers = exchange.answers.map((passage) => ['answer', passage] as const)
      for (const [side, passage] of [['request', exchange.request] as const, ...answers]) {
        if (passage === null) continue
        count += 1
        const reader = readers[count % readers.length]
        if (reader === undefined) continue
        const document = reader.format.read(passage.body, hintsOf(exchange, side, passage))
        const contract = reader.contracts[Math.floor(count / readers.length) % reader.contracts.length]
        if (contract?.facts === undefined) document.facts()
        else contract.facts(document, side)
        contract?.check(document, side)
        if (count % lookEvery > readers.length) continue
        document.text()
        for (const { path } of document.tree()) document.get(path)
      }
    },
  ]
}

function hintsOf(
  exchange: Exchange,
  side: 'request' | 'answer',
  passage: NonNullable<Exchange['request']>,
): Parameters<Format['read']>[1] {
  return {
    at: passage.endAt,
    timezone: 'Asia/Shanghai',
    bodyBytes: passage.bodyBytes,
    side,
    envelope: passage.envelope ?? [],
    requestEnvelope: exchange.request?.envelope ?? [],
  }
}

function contractsOf(format: FormatName): readonly CompiledContract[] {
  const own = libraryIds.filter((id) => new RegExp(`^format:\\s*${format}\\s*$`, 'm').test(readContractFile(id, '.').text))
  const standard = standardContractOf(format)
  return [...own.map((id) => compileContractFile(id, '.')), ...(standard === null ? [] : [standard])]
}
