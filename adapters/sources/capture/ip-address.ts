import { isIPv4, isIPv6 } from 'node:net'

/** The address as people write it: dotted, or as RFC 5952 has it. */
export function formatIp(bytes: Buffer): string {
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2))
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (mapped) return `::ffff:${formatIp(bytes.subarray(12))}`
  const zeros = longestZeros(groups)
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':')
  if (zeros.count < 2) return hex(groups)
  return `${hex(groups.slice(0, zeros.start))}::${hex(groups.slice(zeros.start + zeros.count))}`
}

/** A configured address as `formatIp` writes it. A name that is no address stays as it is. */
export function normalIp(host: string): string {
  if (!isIPv6(host)) return host
  const bare = host.split('%')[0] ?? host
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare)
  const text = dotted?.[2] !== undefined && isIPv4(dotted[2]) ? `${dotted[1]}${hexOfV4(dotted[2])}` : bare
  const [head = '', tail] = text.split('::')
  const front = groupsOf(head)
  const back = tail === undefined ? [] : groupsOf(tail)
  const middle = Array.from({ length: 8 - front.length - back.length }, () => 0)
  const bytes = Buffer.alloc(16)
  for (const [i, group] of [...front, ...middle, ...back].entries()) bytes.writeUInt16BE(group, i * 2)
  return formatIp(bytes)
}

function groupsOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

function hexOfV4(text: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number)
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

function longestZeros(groups: readonly number[]): { readonly start: number; readonly count: number } {
  let best = { start: 0, count: 0 }
  for (let start = 0; start < groups.length; start += 1) {
    let count = 0
    while (groups[start + count] === 0) count += 1
    if (count > best.count) best = { start, count }
  }
  return best
}
