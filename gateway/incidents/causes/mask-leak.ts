import { memberOf } from '../../model/members/members.ts'
import type { Text } from '../../model/text.ts'
import type { Violation } from '../../model/violation.ts'
import { type Cause, factOf, heard, say, shareSign, unknown, weights, whether, wordOf } from '../cause.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** What the contract wants masked, or not sent at all, comes in clear. One message is a leak; never is the value told, here or anywhere. */
export const maskLeak: Cause = {
  id: 'mask-leak',
  prior: -2.4,
  severity: 'P1',
  kinds: ['content'],
  explains: ['wrong-type', 'wrong-type-reading', 'nak', 'nak-one-text', 'nak-violating'],
  weigh(e) {
    const leaked = leakedCount(e)
    const requests = e.since.count('requests')
    const reading = e.reading('contract/masking')
    const before = e.before.count('violation:masking')
    return {
      isOpen: leaked > 0 || reading !== null,
      locus: { kind: 'system', id: isOfAnswers(e) ? e.place.toId : e.place.fromId },
      lines: [
        {
          key: 'unmasked',
          group: 'masking',
          sign: shareSign(leaked, Math.max(requests, 1), { none: 0, full: 0.2 }),
          present: weights.decisive,
          absent: 0,
          text: say(
            `${requests} 条中 ${leaked} 条含应脱敏而未脱敏的内容(${elements(e)})`,
            `${leaked} of ${requests} carry in clear what should be masked (${elements(e)})`,
          ),
        },
        {
          key: 'unmasked-reading',
          group: 'masking',
          sign: heard(reading),
          present: weights.veryStrong,
          absent: 0,
          text: say(
            `自首现起 ${factOf(reading, 'affected') ?? leaked}/${factOf(reading, 'seen') ?? requests} 条未脱敏`,
            `${factOf(reading, 'affected') ?? leaked} of ${factOf(reading, 'seen') ?? requests} in clear since the first`,
          ),
        },
        {
          key: 'unmasked-new',
          group: 'change',
          sign: e.before.count('requests') < 20 ? unknown : whether(before === 0),
          present: weights.some,
          absent: 0,
          text: say(
            `此前 ${e.before.count('requests')} 条中 ${before} 条`,
            `${before} of ${e.before.count('requests')} before`,
          ),
        },
      ],
    }
  },
  title: (e) =>
    say(
      `${e.place.iface.zh} 泄露未脱敏数据(${elements(e)})`,
      `Data in clear on ${e.place.iface.en} that should be masked (${elements(e)})`,
    ),
  advise: (e) => ({
    owner: say('总部安全组', 'The security group at headquarters'),
    handOver: say(
      `立即转安全组:附字段 ${elements(e)}、首现时间、条数;不得在工单中粘贴原值`,
      `To the security group at once: the fields ${elements(e)}, the first time, the count; never paste a value into the ticket`,
    ),
    checks: [
      say(
        `${endsOf(e).writer.zh} 的脱敏规则是否被关闭、升级覆盖或漏配该字段`,
        `Was masking at ${endsOf(e).writer.en} switched off, overwritten by a release, or left out for this field?`,
      ),
      say(
        `${endsOf(e).reader.zh} 侧已收到哪些记录,是否已展示、落库、转发`,
        `What has ${endsOf(e).reader.en} received: was it shown, stored, passed on?`,
      ),
      say('是否只有一种报文或一个科室,影响多少患者', 'One kind of message or one ward? How many patients?'),
    ],
    workaround: say(
      '先停发该字段或暂停该接口,清理接收方已落库的明文',
      'Stop sending the field or pause the interface, and clear what the receiver has stored',
    ),
  }),
  spot({ item, place }) {
    const breach = item.violations.find(isLeak)
    if (breach === undefined) return null
    return {
      systemId: breach.side === 'answer' ? place.toId : place.fromId,
      text: say(`${breach.element} 应脱敏却为明文`, `${breach.element} should be masked, and is in clear`),
    }
  },
  hears: {
    signals: ['contract/masking'],
    text: (r) => {
      const element = wordOf(r, 'element') ?? ''
      return say(`${element} 应脱敏却为明文`, `${element} should be masked, and is in clear`)
    },
  },
}

/** Whose answers leak, and not whose requests. */
function isOfAnswers(e: Evidence): boolean {
  return (wordOf(e.reading('contract/masking'), 'side') ?? wordOf(e.reading('contract/forbidden'), 'side')) === 'answer'
}

function endsOf(e: Evidence): { readonly writer: Text; readonly reader: Text } {
  const { from, to } = e.place
  return isOfAnswers(e) ? { writer: to, reader: from } : { writer: from, reader: to }
}

/** The contract says so by its rule, or forbids what by its name or place tells who a person is. */
function isLeak({ rule, element, severity }: Violation): boolean {
  if (severity === 'observe') return false
  return rule === 'masking' || (rule === 'forbidden' && identifies(element))
}

function identifies(element: string): boolean {
  if (personal.test(element)) return true
  const last = element.split('.').at(-1) ?? ''
  const tells = memberOf(last)?.identifies ?? null
  // A visit's number leads to nobody outside of the hospital.
  return tells !== null && tells !== 'free-text' && tells !== 'visit-number'
}

/** Fields of HL7 v2 and of FHIR that name a person or reach one. */
const personal = /^PID-(3|5|6|7|9|11|13|14|19|20)\b|^NK1-(2|4|5)\b|^Patient\.(name|telecom|address|birthDate|photo)\b/

function leakedCount(e: Evidence): number {
  return e.since.count('violation:masking') + forbidden(e).reduce((sum, { count }) => sum + count, 0)
}

function forbidden(e: Evidence): readonly { readonly name: string; readonly count: number }[] {
  return e.since
    .top('element')
    .flatMap(({ name, count }) => (name.startsWith('forbidden ') ? [{ name: name.slice('forbidden '.length), count }] : []))
    .filter(({ name }) => identifies(name))
}

function elements(e: Evidence): string {
  const masked = e.since
    .top('element')
    .flatMap(({ name }) => (name.startsWith('masking ') ? [name.slice('masking '.length)] : []))
  const named = [...masked, ...forbidden(e).map(({ name }) => name)].slice(0, 3).join('、')
  return named === '' ? (wordOf(e.reading('contract/masking'), 'element') ?? '') : named
}
