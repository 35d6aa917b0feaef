import { App, Button } from 'antd'
import type { ReactNode } from 'react'
import type { Settings } from '../../../gateway/desk/api/settings-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { Empty } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { useSending } from '../parts/sending.ts'
import { dayTime } from '../parts/time.ts'
import { useWords } from '../words/language.tsx'

type Channel = Settings['channels'][number]

/** The ways that notices go out, and which deliver nothing. */
export function Channels({ items }: { readonly items: readonly Channel[] }): ReactNode {
  const { settings } = useWords()
  const mayTest = useMay('channels.test')
  return (
    <Panel title={settings.channels} className="panel-list">
      {items.length === 0 ? (
        <Empty>{settings.channelsNone}</Empty>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{settings.channel}</th>
              <th scope="col">{settings.state}</th>
              {(['sent', 'waiting', 'abandoned'] as const).map((name) => (
                <th key={name} scope="col" className={name === 'waiting' ? 'number wide-only' : 'number'}>
                  {settings[name]}
                </th>
              ))}
              {mayTest && <td />}
            </tr>
          </thead>
          <tbody>
            {items.map((channel) => (
              <Row key={channel.name} channel={channel} mayTest={mayTest} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function Row({ channel, mayTest }: { readonly channel: Channel; readonly mayTest: boolean }): ReactNode {
  const { settings } = useWords()
  const { name, kind, language, failingSince, sent, waiting, abandoned } = channel
  const kinds: { readonly [kind: string]: string } = settings.kinds
  const about = [...(kind === null ? [] : [kinds[kind] ?? kind]), ...(language === null ? [] : [settings.languages[language]])]
  return (
    <tr>
      <th scope="row">
        {name}
        {about.length > 0 && <span className="row-sub">{about.join(' · ')}</span>}
      </th>
      <td>
        {failingSince !== null ? (
          <span className="bad">{settings.failing(dayTime(failingSince, null, 'min'))}</span>
        ) : sent + waiting === 0 ? (
          <span className="quiet">{settings.unused}</span>
        ) : (
          settings.works
        )}
      </td>
      <td className="number">{countText(sent)}</td>
      <td className="number wide-only">{countText(waiting)}</td>
      <td className={abandoned > 0 ? 'number bad' : 'number zero'}>{countText(abandoned)}</td>
      {mayTest && (
        <td className="number">
          <TestButton name={name} />
        </td>
      )}
    </tr>
  )
}

/** What the other side said stays until it is closed: it is read slowly, and copied into a ticket. */
function TestButton({ name }: { readonly name: string }): ReactNode {
  const { settings } = useWords()
  const { notification } = App.useApp()
  const { isSending, send } = useSending()
  const onDone = ({ refusal }: { readonly refusal: string | null }) => {
    if (refusal === null) notification.success({ title: settings.tested(name) })
    else notification.error({ title: settings.refused(refusal), duration: 0 })
  }
  return (
    <Button
      size="small"
      loading={isSending}
      onClick={() => send(write(`/channels/${encodeURIComponent(name)}/test`, {}, shapes.ChannelTest), { onDone })}
    >
      {settings.test}
    </Button>
  )
}
