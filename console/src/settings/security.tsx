import type { ReactNode } from 'react'
import type { Settings } from '../../../gateway/desk/api/settings-shapes.ts'
import { Facts, Panel } from '../parts/panel.tsx'
import { lengthText, msBetween } from '../parts/time.ts'
import { useWords } from '../words/language.tsx'

type Setup = NonNullable<Settings['setup']>

/** Keys by their ids, how the console is served, and how people sign in. */
export function Security({ setup, now }: { readonly setup: Setup; readonly now: string | null }): ReactNode {
  const words = useWords()
  const { settings } = words
  const { keys, provider, sessions } = setup
  const length = (min: number) => lengthText(min * 60_000, words)
  return (
    <Panel title={settings.security} note={settings.keyNote}>
      <Facts
        items={[
          ...(keys.some(({ purpose }) => purpose === 'sealing')
            ? []
            : ([
                [
                  settings.keys.sealing,
                  <span key="none" className="warn">
                    {settings.sealingNone}
                  </span>,
                ],
              ] as const)),
          ...keys.map(
            ({ purpose, id, earlier }) =>
              [
                settings.keys[purpose],
                <>
                  <code>{id}</code>
                  {earlier > 0 && <span className="row-line quiet">{settings.earlier(earlier)}</span>}
                </>,
              ] as const,
          ),
          [settings.tls, <Serving key="tls" setup={setup} now={now} />],
          [
            settings.provider,
            provider === null ? (
              settings.providerNone
            ) : (
              <>
                {provider.title} <code>{provider.issuer}</code>
              </>
            ),
          ],
          [settings.sessions, settings.sessionText(length(sessions.idleMin), length(sessions.lifeMin))],
        ]}
      />
    </Panel>
  )
}

const soonMs = 30 * 86_400_000

/** A certificate that ends within a month stands out. */
function Serving({ setup: { tls, certificateUntil }, now }: { readonly setup: Setup; readonly now: string | null }): ReactNode {
  const { settings } = useWords()
  const leftMs = certificateUntil === null || now === null ? null : msBetween(now, certificateUntil)
  return (
    <>
      {settings.tlsKinds[tls]}
      {certificateUntil !== null && leftMs !== null && (
        <span className={`row-line ${leftMs < 0 ? 'bad' : leftMs < soonMs ? 'warn' : 'quiet'}`}>
          {leftMs < 0
            ? settings.certificateOver(certificateUntil.slice(0, 10))
            : settings.certificate(certificateUntil.slice(0, 10))}
        </span>
      )}
    </>
  )
}
