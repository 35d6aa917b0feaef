import type { Notice } from '../../../model/notice.ts'
import type { AlertmanagerOptions, Channel } from './channel.ts'
import { post } from './post.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

/**
 * Alertmanager's API v2: `first` fires until `recovered` ends it (a day at most), everything else fires for an hour. The labels are the
 * alert's identity there, so that a notice that comes twice is one alert.
 */
export function openAlertmanager({ name, url, bearer, language }: AlertmanagerOptions): Channel {
  const target = `${url.replace(/\/+$/, '')}/api/v2/alerts`
  return {
    name,
    send: async (notice, _at, signal) => {
      const headers = {
        'content-type': 'application/json',
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      }
      const alerts = severitiesOf(notice).map((severity) => ({
        labels: { severity, ...labelsOf(notice) },
        annotations: { summary: notice.title[language], description: notice.body[language] },
        ...spanOf(notice),
      }))
      await post({ url: target, headers, body: JSON.stringify(alerts), signal })
    },
  }
}

/** The ticket may have another severity by now than when it was told: an alert that isn't there is ended without a word. */
function severitiesOf({ kind, severity }: Notice): readonly Notice['severity'][] {
  return kind === 'recovered' ? ['P1', 'P2', 'P3', 'P4'] : [severity]
}

function labelsOf(notice: Notice): { readonly [label: string]: string } {
  const isEvent = notice.kind === 'first' || notice.kind === 'recovered'
  return {
    alertname: isEvent ? 'AuscultTicket' : 'AuscultNotice',
    ...(notice.ticketId === null ? {} : { ticket: notice.ticketId }),
    // A recovery must bear the labels of what it ends: what may differ between the two stays out of them.
    ...(isEvent ? {} : { kind: notice.kind, notice: notice.id }),
  }
}

function spanOf(notice: Notice): { readonly startsAt?: string; readonly endsAt: string } {
  const iso = (at: number) => new Date(at).toISOString()
  if (notice.kind === 'recovered') return { endsAt: iso(notice.at) }
  return { startsAt: iso(notice.at), endsAt: iso(notice.at + (notice.kind === 'first' ? dayMs : hourMs)) }
}
