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
  readonly All: Page
  /** The page of one of its things: `/tickets/t1`. */
  readonly One?: Page<{ readonly id: string }>
}

/** A page that is loaded when it is shown, or before. */
type Page<P = object> = ComponentType<P> & { load(): Promise<unknown> }

function page<P = object>(load: () => Promise<{ readonly default: ComponentType<P> }>): Page<P> {
  return Object.assign(lazy(load), { load })
}

/** The page of a path, and of which of its things. The board, where nothing else is there. */
export function placeOf([head = '', id]: readonly string[]): { readonly place: Place; readonly id: string | undefined } {
  return { place: places.find(({ heads }) => heads.some((one) => one === head)) ?? board, id }
}

export const board: Place = {
  to: '/',
  word: 'board',
  heads: ['', 'interfaces'],
  permission: 'interfaces.read',
  isDaily: true,
  All: page(() => import('./board/board.tsx')),
  One: page(() => import('./interface/interface-page.tsx')),
}

export const places: readonly Place[] = [
  board,
  {
    to: '/exchanges',
    word: 'exchanges',
    heads: ['exchanges'],
    permission: 'exchanges.read',
    isDaily: true,
    All: page(() => import('./exchanges/exchanges-page.tsx')),
    One: page(() => import('./exchanges/exchange-page.tsx')),
  },
  {
    to: '/journeys',
    word: 'journeys',
    heads: ['journeys'],
    permission: 'exchanges.read',
    isDaily: true,
    All: page(() => import('./journeys/journeys-page.tsx')),
  },
  {
    to: '/tickets',
    word: 'tickets',
    heads: ['tickets'],
    permission: 'tickets.read',
    isDaily: true,
    All: page(() => import('./tickets/tickets-page.tsx')),
    One: page(() => import('./tickets/ticket-page.tsx')),
  },
  {
    to: '/systems',
    word: 'systems',
    heads: ['systems'],
    permission: 'interfaces.read',
    isDaily: true,
    All: page(() => import('./systems/systems-page.tsx')),
  },
  {
    to: '/reports',
    word: 'reports',
    heads: ['reports'],
    permission: 'reports.read',
    isDaily: true,
    All: page(() => import('./reports/reports-page.tsx')),
    One: page(() => import('./reports/report-page.tsx')),
  },
  {
    to: '/changes',
    word: 'changes',
    heads: ['changes'],
    permission: 'changes.read',
    isDaily: false,
    All: page(() => import('./changes/changes-page.tsx')),
    One: page(() => import('./changes/change-page.tsx')),
  },
  {
    to: '/knowledge',
    word: 'knowledge',
    heads: ['knowledge'],
    permission: 'knowledge.read',
    isDaily: false,
    All: page(() => import('./knowledge/knowledge-page.tsx')),
    One: page(() => import('./knowledge/article-page.tsx')),
  },
  {
    to: '/contracts',
    word: 'contracts',
    heads: ['contracts'],
    permission: 'contracts.read',
    isDaily: false,
    All: page(() => import('./contracts/contracts-page.tsx')),
    One: page(() => import('./contracts/contract-page.tsx')),
  },
  {
    to: '/captures',
    word: 'captures',
    heads: ['captures'],
    permission: 'captures.use',
    isDaily: false,
    All: page(() => import('./captures/captures-page.tsx')),
    One: page(() => import('./captures/capture-page.tsx')),
  },
  {
    to: '/audit',
    word: 'audit',
    heads: ['audit'],
    permission: 'audit.read',
    isDaily: false,
    All: page(() => import('./audit/audit-page.tsx')),
  },
  {
    to: '/users',
    word: 'users',
    heads: ['users'],
    permission: 'users.read',
    isDaily: false,
    All: page(() => import('./users/users-page.tsx')),
  },
  {
    to: '/settings',
    word: 'settings',
    heads: ['settings'],
    permission: 'settings.read',
    isDaily: false,
    All: page(() => import('./settings/settings-page.tsx')),
  },
]
