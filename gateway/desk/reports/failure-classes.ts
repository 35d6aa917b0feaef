import type { Text } from '../../model/text.ts'
import type { FailureCount } from '../../store/report-store.ts'
import type { FailureClass } from '../api/report-shapes.ts'

const classesMax = 6

/** What came to nothing, in the words of the wire, most frequent first; what is rare is summed up. `before` null: not observed. */
export function failureClasses(now: readonly FailureCount[], before: readonly FailureCount[] | null): readonly FailureClass[] {
  const sums = new Map<string, { text: Text; count: number; before: number }>()
  const add = (rows: readonly FailureCount[], which: 'count' | 'before') => {
    for (const row of rows) {
      const { id, text } = classOf(row)
      const sum = sums.get(id) ?? { text, count: 0, before: 0 }
      sum[which] += row.count
      sums.set(id, sum)
    }
  }
  add(now, 'count')
  add(before ?? [], 'before')
  const lines = [...sums]
    .map(([id, sum]) => ({ id, text: sum.text, count: sum.count, before: before === null ? null : sum.before }))
    .toSorted((a, b) => b.count - a.count || a.id.localeCompare(b.id))
  if (lines.length <= classesMax) return lines
  const rest = lines.slice(classesMax - 1)
  const sum = (of: (line: FailureClass) => number) => rest.reduce((total, line) => total + of(line), 0)
  const other = { id: 'other', text: { zh: `其他 ${rest.length} 类`, en: `${rest.length} other kinds` } }
  return [
    ...lines.slice(0, classesMax - 1),
    { ...other, count: sum(({ count }) => count), before: before === null ? null : sum((line) => line.before ?? 0) },
  ]
}

function classOf({ outcome, code, wire }: FailureCount): { readonly id: string; readonly text: Text } {
  if (outcome === 'orphan') return { id: 'orphan', text: { zh: '没有请求的应答', en: 'answers without a request' } }
  if (outcome === 'failed') {
    const shown = code === null || !isPlainCode(code) ? null : code
    if (shown === null) return { id: 'failed', text: { zh: '应答为否', en: 'the answer said no' } }
    return {
      id: `code:${shown}`,
      text: { zh: `应答 ${shown}${codeNote(shown).zh}`, en: `answered ${shown}${codeNote(shown).en}` },
    }
  }
  const kind = wire ?? 'quiet'
  return { id: `wire:${kind}`, text: wireWords[kind] ?? { zh: `无应答（${kind}）`, en: `no answer (${kind})` } }
}

/** A code as protocols and vendors have them. Anything longer, or with a long number in it, may be a text or an identifier. */
function isPlainCode(code: string): boolean {
  return /^[A-Za-z0-9._-]{1,12}$/.test(code) && !/\d{6}/.test(code)
}

function codeNote(code: string): Text {
  const known = codeWords[code]
  if (known !== undefined) return { zh: `（${known.zh}）`, en: ` (${known.en})` }
  if (/^5\d\d$/.test(code)) return { zh: '（接收端内部错误）', en: ' (a fault of the receiver)' }
  if (/^4\d\d$/.test(code)) return { zh: '（请求被拒）', en: ' (request refused)' }
  return { zh: '', en: '' }
}

const codeWords: { readonly [code: string]: Text | undefined } = {
  AE: { zh: '应用错误', en: 'application error' },
  AR: { zh: '应用拒绝', en: 'application reject' },
  CE: { zh: '接收错误', en: 'accept error' },
  CR: { zh: '接收拒绝', en: 'accept reject' },
  '401': { zh: '未认证', en: 'not authenticated' },
  '403': { zh: '无权限', en: 'forbidden' },
  '413': { zh: '报文过大', en: 'too large' },
  '429': { zh: '超出限流', en: 'rate limit' },
  A700: { zh: '存储空间不足', en: 'out of resources' },
}

const wireWords: { readonly [kind: string]: Text | undefined } = {
  refused: { zh: '连接不成', en: 'no connection' },
  reset: { zh: '连接被重置', en: 'connection reset' },
  closed: { zh: '对端关闭连接', en: 'connection closed before the answer' },
  timeout: { zh: '超时无应答', en: 'no answer in time' },
  late: { zh: '应答迟到', en: 'answered too late' },
  partial: { zh: '报文不完整', en: 'message cut off' },
  aborted: { zh: '关联被中止', en: 'association aborted' },
  'wrong-control-id': { zh: '应答对应错误的报文', en: 'answer to another message' },
  oversize: { zh: '报文超过上限', en: 'message above the limit' },
  duplicate: { zh: '重复报文无应答', en: 'repeated message without an answer' },
  quiet: { zh: '无应答', en: 'no answer' },
}
