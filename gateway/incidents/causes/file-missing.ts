import type { Reading } from '../../model/reading.ts'
import type { Text } from '../../model/text.ts'
import { type Cause, factOf, heard, say, weights, wordOf } from '../cause.ts'

/** A file that is due hasn't come, is empty, isn't whole, or has far less in it than ever. */
export const fileMissing: Cause = {
  id: 'file-missing',
  prior: -3.2,
  severity: 'P3',
  kinds: ['flow'],
  explains: ['silence'],
  weigh(e) {
    const due = e.reading('files/due')
    const odd = e.reading('files/odd')
    const small = e.reading('files/small')
    return {
      isOpen: due !== null || odd !== null || small !== null,
      locus: e.locus,
      lines: [
        {
          key: 'file-due',
          group: 'due',
          sign: heard(due),
          present: weights.decisive,
          absent: 0,
          text: say(
            `${wordOf(due, 'deadline') ?? '?'} 前应到的文件:${codeWords(wordOf(due, 'code')).zh}`,
            `the file due by ${wordOf(due, 'deadline') ?? '?'}: ${codeWords(wordOf(due, 'code')).en}`,
          ),
        },
        {
          key: 'file-odd',
          group: 'odd',
          sign: heard(odd),
          present: due === null ? weights.decisive : weights.some,
          absent: 0,
          text: say(
            `目录中有不完整的文件:${codeWords(wordOf(odd, 'code')).zh}`,
            `something lies there: ${codeWords(wordOf(odd, 'code')).en}`,
          ),
        },
        {
          key: 'file-small',
          group: 'small',
          sign: heard(small),
          present: weights.decisive,
          absent: 0,
          text: smallText(small),
        },
      ],
    }
  },
  title: (e) => say(`${e.place.from.zh} 的文件未到或不完整`, `The file of ${e.place.from.en} is missing or not whole`),
  advise: ({ place }) => ({
    owner: say(`${place.from.zh}`, `${place.from.en}`),
    handOver: say(
      `转 ${place.from.zh} 核对导出任务并补传`,
      `Ask ${place.from.en} to check its export and to send the file again`,
    ),
    checks: [
      say('导出任务是否运行、何时结束、有无报错', 'Did the export run, when did it end, and did it fail?'),
      say('文件在而标记不在:传输是否中断', 'The file is there and its marker is not: did the transfer break off?'),
      say('目录权限与磁盘空间', 'Permissions of the folder, and room on the disk'),
    ],
    workaround: say('手工补传文件与标记', 'Send file and marker by hand'),
  }),
  hears: {
    signals: ['files/due', 'files/odd', 'files/small'],
    text: (reading, place) => {
      if (reading.signal === 'files/small') return smallText(reading)
      const words = codeWords(wordOf(reading, 'code'))
      return say(`${place.from.zh} 的文件:${words.zh}`, `the file of ${place.from.en}: ${words.en}`)
    },
  },
}

function smallText(reading: Reading | null): Text {
  const [has, usual] = [factOf(reading, 'has') ?? 0, factOf(reading, 'usual') ?? 0]
  const isRows = wordOf(reading, 'unit') !== 'bytes'
  return say(
    `文件按时到达但仅有 ${has} ${isRows ? '行' : '字节'},近期最少也有 ${usual}`,
    `the file came with ${has} ${isRows ? 'rows' : 'bytes'}; of late the smallest had ${usual}`,
  )
}

function codeWords(code: string | null): { readonly zh: string; readonly en: string } {
  return words[code ?? ''] ?? { zh: code ?? '异常', en: code ?? 'odd' }
}

const words: { readonly [code: string]: { readonly zh: string; readonly en: string } } = {
  FILE_MISSING: { zh: '未到', en: 'it has not come' },
  FILE_EMPTY: { zh: '为空', en: 'it is empty' },
  FILE_INCOMPLETE: { zh: '不完整', en: 'it is not whole' },
  FILE_MARKER_MISSING: { zh: '缺少完成标记', en: 'its marker is missing' },
  FILE_MARKER_ALONE: { zh: '只有完成标记没有文件', en: 'a marker without its file' },
  FILE_GROWING: { zh: '一直在增长', en: 'it goes on growing' },
}
