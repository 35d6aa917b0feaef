/**
 * Checks a second of processor time (so that a busy machine spoils it less): an ORU with 30 OBX (about 4 kB) against its contract and against the standard, healthy and ill,
 * with the violations made. Run: `node bench/contracts.ts [seconds per measurement]`. `check` is the contract alone, on a message that was read;
 * `read + check` reads the bytes anew each time.
 */
import { hl7v2 } from '../adapters/formats/hl7v2/hl7v2.ts'
import { standardContract } from '../contracts/hl7v2/standard.ts'
import { compileContractFile } from '../gateway/contract-files.ts'
import type { CompiledContract } from '../gateway/model/violation.ts'
import { perSecond } from './rate.ts'

const hints = { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai' }
const seconds = Number(process.argv[2] ?? 1)

function result(count: number, change: (line: string, n: number) => string = (line) => line): Uint8Array {
  const lines = [
    'MSH|^~\\&|LIS|SZPH|EMR|SZPH|20261123091530||ORU^R01^ORU_R01|LIS202611230000077|P|2.4|||AL|NE|CHN|UNICODE UTF-8',
    'PID|1||P0001^^^SZPH&2.16.156.10011&ISO^MR||测试^^^^^^L||19700101|M|||地址^^深圳市^广东省^518020^CHN||19900000001^PRN^CP',
    'PV1|1|I|0301^02^15^SZPH^^^^^心血管内科一区||||D1001^李明|||||||||||V202611230001',
    'ORC|RE|O20261123000123^HIS|R20261123000088^LIS||CM||||20261123091500',
    'OBR|1|O20261123000123^HIS|R20261123000088^LIS|LIS0001^血常规^L|||20261123084000|||||||20261123085000||||||||20261123091500||HM|F',
  ]
  for (let n = 1; n <= count; n += 1) {
    lines.push(
      `OBX|${n}|NM|WBC${n}^白细胞计数${n}^L^6690-2^Leukocytes^LN||11.${n}|10*9/L^10*9/L^UCUM|3.5-9.5|H|||F|||20261123091200||T5001^刘洋`,
    )
  }
  return new TextEncoder().encode(`${lines.map(change).join('\r')}\r`)
}

const healthy = result(30)
const oneIll = result(30, (line, n) => (n === 10 ? line.replace('|11.', '|<11.') : line))
const misplaced = result(30, (line, n) => (n === 2 ? `NTE|1||x\r${line}\rPV1|2|I` : line))
const allIll = result(30, (line) =>
  line
    .replace('|NM|', '|NM|')
    .replace(/\|11\.\d+/u, '|high')
    .replace('|F|||2026', '|Q|||26'),
)

function rate(run: () => unknown): number {
  return Math.round(perSecond(run, seconds))
}

function measure(name: string, contract: CompiledContract, bytes: Uint8Array): void {
  const document = hl7v2.read(bytes, hints)
  const found = contract.check(document, 'request').length
  const check = rate(() => contract.check(document, 'request'))
  const both = rate(() => contract.check(hl7v2.read(bytes, hints), 'request'))
  console.log(
    `${name.padEnd(44)} ${String(found).padStart(3)} violations  check ${String(check).padStart(7)}/s  read + check ${String(both).padStart(7)}/s`,
  )
}

const from = performance.now()
const contract = compileContractFile('lis-emr-lab-result', '.')
contract.check(hl7v2.read(healthy, hints), 'request')
console.log(`ORU with 30 OBX, ${healthy.length} bytes; first check with compiling ${Math.round(performance.now() - from)} ms`)
const standard = standardContract(null)
const plain = new TextDecoder().decode(healthy)
// What the machine can do at this moment: the plainest split of the same message into fields (43,000/s on a quiet one).
const baseline = rate(() => plain.split('\r').map((line) => line.split('|')))
console.log(`plain split ${baseline}/s`)
console.log(`read only ${rate(() => hl7v2.read(healthy, hints).facts())}/s`)
measure('contract, healthy', contract, healthy)
measure('contract, one breach', contract, oneIll)
measure('contract, segments out of order', contract, misplaced)
measure('contract, every OBX ill', contract, allIll)
measure('standard, healthy', standard, healthy)
measure('standard, every OBX ill', standard, allIll)
