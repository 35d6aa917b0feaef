import { type ComponentType, lazy } from 'react'
import type { Permission } from '../../gateway/desk/access/permissions.ts'
import type { Words } from './words/zh.ts'

/** A page of the navigation. A new page is one line in `places`, and a name in both languages. */
export interface Place {
  readonly to: string
  readonly word: Exclude<keyof Words['nav'], 'main' | 'more'>
  /** What the paths begin with that belong to it. */
  readonly heads: readonly string[]
  /** Who may not is not shown it. */
  readonly permission: Permission
  /** In the bar itself; the others stand under "more". */
  readonly isDaily: boolean
  readonly All: ComponentType
  /** The page of one of its things: `/tickets/t1`. */
  readonly One?: ComponentType<{ readonly id: string }>
}

export const board: Place = {
  to: '/',
  word: 'board',
  heads: ['', 'interfaces'],
  permission: 'interfaces.read',
  isDaily: true,
  All: lazy(() => import('./board/board.tsx')),
  One: lazy(() => import('./interface/interface-page.tsx')),
}

export const places: readonly Place[] = [
  board,
  {
    to: '/exchanges',
    word: 'exchanges',
    heads: ['exchanges'],
    permission: 'exchanges.read',
    isDaily: true,
    All: lazy(() => import('./exchanges/exchanges-page.tsx')),
    One: lazy(() => import('./exchanges/exchange-page.tsx')),
  },
  {
    to: '/journeys',
    word: 'journeys',
    heads: ['journeys'],
    permission: 'exchanges.read',
    isDaily: true,
    All: lazy(() => import('./journeys/journeys-page.tsx')),
  },
  {
    to: '/tickets',
    word: 'tickets',
    heads: ['tickets'],
    permission: 'tickets.read',
    isDaily: true,
    All: lazy(() => import('./tickets/tickets-page.tsx')),
    One: lazy(() => import('./tickets/ticket-page.tsx')),
  },
  {
    to: '/systems',
    word: 'systems',
    heads: ['systems'],
    permission: 'interfaces.read',
    isDaily: true,
    All: lazy(() => import('./systems/systems-page.tsx')),
  },
  {
    to: '/reports',
    word: 'reports',
    heads: ['reports'],
    permission: 'reports.read',
    isDaily: true,
    All: lazy(() => import('./reports/reports-page.tsx')),
    One: lazy(() => import('./reports/report-page.tsx')),
  },
  {
    to: '/changes',
    word: 'changes',
    heads: ['changes'],
    permission: 'changes.read',
    isDaily: false,
    All: lazy(() => import('./changes/changes-page.tsx')),
    One: lazy(() => import('./changes/change-page.tsx')),
  },
  {
    to: '/knowledge',
    word: 'knowledge',
    heads: ['knowledge'],
    permission: 'knowledge.read',
    isDaily: false,
    All: lazy(() => import('./knowledge/knowledge-page.tsx')),
    One: lazy(() => import('./knowledge/article-page.tsx')),
  },
  {
    to: '/contracts',
    word: 'contracts',
    heads: ['contracts'],
    permission: 'contracts.read',
    isDaily: false,
    All: lazy(() => import('./contracts/contracts-page.tsx')),
    One: lazy(() => import('./contracts/contract-page.tsx')),
  },
  {
    to: '/captures',
    word: 'captures',
    heads: ['captures'],
    permission: 'captures.use',
    isDaily: false,
    All: lazy(() => import('./captures/captures-page.tsx')),
    One: lazy(() => import('./captures/capture-page.tsx')),
  },
  {
    to: '/audit',
    word: 'audit',
    heads: ['audit'],
    permission: 'audit.read',
    isDaily: false,
    All: lazy(() => import('./audit/audit-page.tsx')),
  },
  {
    to: '/users',
    word: 'users',
    heads: ['users'],
    permission: 'users.read',
    isDaily: false,
    All: lazy(() => import('./users/users-page.tsx')),
  },
  {
    to: '/settings',
    word: 'settings',
    heads: ['settings'],
    permission: 'settings.read',
    isDaily: false,
    All: lazy(() => import('./settings/settings-page.tsx')),
  },
]
