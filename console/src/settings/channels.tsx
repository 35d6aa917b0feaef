import type { ReactNode } from 'react'
import type { Settings } from '../../../gateway/desk/api/settings-shapes.ts'
import { Empty } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { useWords } from '../words/language.tsx'

type Channel = Settings['channels'][number]

/** The ways that notices go out, and which deliver nothing. */
export function Channels({ items }: { readonly items: readonly Channel[] }): ReactNode {
  const { settings } = useWords()
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
            </tr>
          </thead>
          <tbody>
            {items.map((channel) => (
              <Row key={channel.name} channel={channel} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function Row({ channel }: { readonly channel: Channel }): ReactNode {
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
    </tr>
  )
}
