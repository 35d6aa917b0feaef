import process from 'node:process'
import { byWeight, type ContractChange, compareContracts } from '../../contracts/diff/compare.ts'
import { formatIn } from '../../contracts/language/contract-head.ts'
import type { ContractText } from '../../contracts/language/contract-language.ts'
import { compileContractText } from '../../contracts/languages.ts'
import { readContractFile, readNear } from '../contract-files.ts'
import { failure } from '../model/failures.ts'
import { readArguments } from './arguments.ts'

const usage = 'auscult contract diff A B [--json] [--fail-on breaking]'

/** Two contracts compared in words: what changed, and whose program it may break. */
export async function contractDiff(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' }, 'fail-on': { type: 'string' } }, usage)
  const [first, second, ...more] = positionals
  if (first === undefined || second === undefined || more.length > 0)
    throw failure('ARGUMENTS_INVALID', `two contracts, please; usage: ${usage}`)
  const failOn = values['fail-on']
  if (failOn !== undefined && failOn !== 'breaking')
    throw failure('ARGUMENTS_INVALID', `--fail-on takes breaking; usage: ${usage}`)
  const [before, after] = [sound(first), sound(second)]
  const [formatBefore, formatAfter] = [formatIn(before.text), formatIn(after.text)]
  if (formatBefore !== formatAfter)
    throw failure('ARGUMENTS_INVALID', `a contract for ${formatBefore} can't be compared with one for ${formatAfter}`)
  const changes = compareContracts(before.text, after.text).toSorted(byWeight)
  process.stdout.write(values.json === true ? `${JSON.stringify({ changes }, null, 2)}\n` : changes.map(lineOf).join(''))
  const breaking = changes.filter((change) => change.breaking.length > 0).length
  process.stderr.write(`auscult: ${changes.length} differences, ${breaking} of them breaking\n`)
  return failOn === 'breaking' && breaking > 0 ? 1 : 0
}

/** A file that has problems is told with them, and not compared. */
function sound(name: string): ContractText {
  const contract = readContractFile(name, process.cwd())
  compileContractText(contract, readNear(process.cwd()))
  return contract
}

function lineOf({ breaking, text }: ContractChange): string {
  const mark = breaking.length === 0 ? 'compatible' : `breaks ${breaking.join(' and ')}`
  return `${mark}: ${text.zh} / ${text.en}\n`
}
