import { remembered } from '../remembered.ts'
import { plainName, type Told } from './plain-name.ts'

/** Members by which an answer says how it stands with what was asked for, and how many of it there are: names without case, `_` and `-`. */
const statusName = /(?:status|state|result|found|exists?|msg|message|desc|description|zt)$/
const countName = /^(?:total|totalcount|totalnum|count|recordcount|rowcount|num|size)$/
/** That there is no such thing, as systems write it where they don't refuse: a word of their status, or a sentence. */
const none =
  /^(?:(?:record|data|item|pack|study|patient|order)?[ _-]?(?:not[ _-]?(?:found|exists?|present|registered|stored|available)|unknown|missing|absent|nonexist(?:s|ent|ing)?)|no[ _-]?(?:such[ _-]?)?(?:data|records?|results?|items?|matches|match|entry)|none)$|未(?:入库|找到|查到|查询到|登记|收到|检索到)|不存在|查无|无此|无(?:记录|数据|结果)|没有(?:找到|查到|记录|数据)|暂无/i

/** What a member of that name says of what was asked for: how it stands with it, or how many of it there are. Null: neither. */
export const sayingOf = remembered((name): 'status' | 'count' | null => {
  const plain = plainName(name)
  return statusName.test(plain) ? 'status' : countName.test(plain) ? 'count' : null
})

/** Whether an answer says by its own words or numbers that it has nothing of what it was asked for. */
export function saysNone(members: readonly Told[]): boolean {
  return members.some(([name, text]) => {
    const saying = sayingOf(name)
    return saying === 'count' ? text === '0' : saying === 'status' && text !== null && none.test(text)
  })
}
