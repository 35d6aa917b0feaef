import type { ReactNode } from 'react'
import type { Settings } from '../../../gateway/desk/api/settings-shapes.ts'
import { type Overview, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { useMay } from '../api/me.ts'
import { Loading, ProblemNote } from '../parts/notes.tsx'
import { bytesText, countText } from '../parts/number.ts'
import { Facts, Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { Schedule } from '../reports/schedule.tsx'
import { GrantsPanel } from '../users/grants-panel.tsx'
import { useWords } from '../words/language.tsx'
import { Channels } from './channels.tsx'
import { Security } from './security.tsx'

/** What runs and how it is set up. The configuration's part is for reading; what the desk itself keeps is changed here by who may. */
export default function SettingsPage(): ReactNode {
  const { settings } = useWords()
  const { answer, problem, reload } = useAnswer('/settings', shapes.Settings)
  const overview = useAnswer('/overview', shapes.Overview, ['interfaces']).answer
  const [mayReports, mayUsers] = [useMay('reports.read'), useMay('users.read')]
  if (answer === null) return problem === null ? <Loading /> : <ProblemNote problem={problem} onRetry={reload} />
  const { setup } = answer
  return (
    <>
      <header className="page-head">
        <h1>{settings.title}</h1>
        <p className="quiet">{setup === null ? settings.leadNone : settings.lead(setup.configFile)}</p>
      </header>
      <div className="columns columns-charts">
        <Running settings={answer} edges={overview?.edges ?? []} />
        {setup !== null && <Security setup={setup} now={overview?.at ?? null} />}
      </div>
      <div className="columns columns-ticket">
        <Channels items={answer.channels} />
        {setup !== null && <Retention setup={setup} />}
      </div>
      {mayReports && <Schedule />}
      {mayUsers && <GrantsPanel />}
    </>
  )
}

function Running({ settings: answer, edges }: { readonly settings: Settings; readonly edges: Overview['edges'] }): ReactNode {
  const { settings, common } = useWords()
  const { setup, stored, analysedAt, testEndpoints } = answer
  return (
    <Panel title={settings.running}>
      <Facts
        items={[
          [settings.version, <code key="version">{answer.version}</code>],
          [settings.startedAt, dayTime(answer.startedAt, null)],
          ...(setup === null
            ? []
            : ([
                [settings.digest, <code key="digest">{setup.configDigest}</code>],
                [settings.rules, setup.hasOwnRules ? settings.ownRules : settings.givenRules],
              ] as const)),
          [settings.position, answer.position === null ? common.none : <code key="position">{answer.position}</code>],
          [settings.analysedAt, analysedAt === null ? common.none : dayTime(analysedAt, null)],
          [
            settings.edges,
            edges.length === 0
              ? common.none
              : edges.map(({ id, at, connections }) => (
                  <span key={id} className="row-line">
                    {settings.edge(id, dayTime(at, null), connections === null ? common.notKnown : countText(connections))}
                  </span>
                )),
          ],
          [
            settings.stored,
            <>
              {settings.storedText(bytesText(stored.rowBytes), bytesText(stored.bodyBytes))}
              {stored.lostBytes > 0 && <span className="row-line bad">{settings.lost(bytesText(stored.lostBytes))}</span>}
            </>,
          ],
          [settings.testEndpoints, testEndpoints.length === 0 ? common.none : testEndpoints.join(', ')],
        ]}
      />
    </Panel>
  )
}

function Retention({ setup: { retention } }: { readonly setup: NonNullable<Settings['setup']> }): ReactNode {
  const { settings } = useWords()
  return (
    <Panel title={settings.retention}>
      <Facts
        items={[
          [settings.exchanges, settings.days(retention.exchangeDays)],
          [settings.bodies, settings.days(retention.bodyDays)],
          [settings.series, settings.days(retention.seriesDays)],
          [settings.log, `${settings.days(retention.logDays)}, ${settings.atMost(bytesText(retention.logBytes))}`],
          [settings.audit, settings.forever],
        ]}
      />
    </Panel>
  )
}
