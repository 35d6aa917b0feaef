import type { ReactNode } from 'react'
import type { MessageAnswer } from '../../../gateway/desk/api/shapes.ts'
import { dayTime, shifted } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'

type Envelope = MessageAnswer['envelope']

/** What the protocol said around the body: the request or status line first, the rest behind a fold. */
export function EnvelopeView({
  envelope,
  like,
}: {
  readonly envelope: Envelope
  /** A time in the hospital's zone. */
  readonly like: string
}): ReactNode {
  const { words } = useLanguage()
  if (envelope.length === 0) return null
  const first = leadNames.flatMap((name) => envelope.filter((field) => field.name === name).map(({ value }) => value))
  return (
    <details className="envelope">
      <summary>
        <span className="quiet">{words.exchange.envelope}</span> <code>{first.slice(0, 3).join(' ')}</code>
      </summary>
      <dl>
        {numbered(envelope).map(({ name, value, nth }) => (
          <div key={`${name} ${nth}`}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
              <Time name={name} value={value} like={like} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

/** Numbers that are times, by the name of their field, and the milliseconds of their step. */
const timeSteps: ReadonlyMap<string, number> = new Map([
  [':jwt-iat', 1000],
  [':jwt-exp', 1000],
  ['timestamp', 1],
])

function Time({ name, value, like }: { readonly name: string; readonly value: string; readonly like: string }): ReactNode {
  const step = timeSteps.get(name)
  if (step === undefined || !/^\d{1,14}$/.test(value)) return null
  return <span className="quiet"> {dayTime(shifted(like, Number(value) * step - Date.parse(like)), null)}</span>
}

/** Names repeat: which of its name each field is. */
function numbered(envelope: Envelope): readonly { name: string; value: string; nth: number }[] {
  const seen = new Map<string, number>()
  return envelope.map((field) => {
    const nth = (seen.get(field.name) ?? 0) + 1
    seen.set(field.name, nth)
    return { ...field, nth }
  })
}

/** What says most of an envelope, by protocol: HTTP, DIMSE, records. */
const leadNames = [
  ':method',
  ':path',
  ':status',
  'command',
  'status',
  'calling-ae',
  'called-ae',
  'topic',
  'partition',
  'offset',
  'file',
]
