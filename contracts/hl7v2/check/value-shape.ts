/**
 * What a value looks like, without the value: runs of digits as `9{6}`, of capitals as `A{3}`, of small letters as `a{4}`, of Chinese
 * characters as `汉{2}`, punctuation as it is. A long or varied text is only `text(12)`, in characters; nothing is `empty`.
 */
export function valueShape(value: string): string {
  if (value.trim() === '') return 'empty'
  if (value.length > shapedMax) return `text(${value.length})`
  let shape = ''
  let runs = 0
  let run = ''
  let count = 0
  for (const char of value) {
    const kind = kindOf(char)
    if (kind === run) {
      count += 1
      continue
    }
    shape += written(run, count)
    runs += 1
    run = kind
    count = 1
  }
  return runs > runsMax ? `text(${[...value].length})` : shape + written(run, count)
}

const shapedMax = 40
const runsMax = 9

function kindOf(char: string): string {
  if (char >= '0' && char <= '9') return '9'
  if (char >= 'A' && char <= 'Z') return 'A'
  if (char >= 'a' && char <= 'z') return 'a'
  if (/\p{Script=Han}/u.test(char)) return '汉'
  return char > '~' || char < ' ' ? '?' : char
}

function written(run: string, count: number): string {
  return count > 1 ? `${run}{${count}}` : run
}
