import { withQuery } from '../api/client.ts'

const spans = { daily: 'day', weekly: 'week', monthly: 'month' } as const

/** Below /api/v1: the report of that id, as `weekly` or `weekly-2026-W47`; null when it is none. */
export function reportPath(id: string, format: 'html' | 'pdf' | 'xlsx' | 'json', lang: 'zh' | 'en' = 'zh'): string | null {
  const [, kind = '', name] = /^(daily|weekly|monthly)(?:-(.+))?$/.exec(id) ?? []
  if (kind !== 'daily' && kind !== 'weekly' && kind !== 'monthly') return null
  return withQuery(`/reports/${kind}`, { [spans[kind]]: name, format, lang })
}
