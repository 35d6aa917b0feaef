import { get, nothing } from './route.ts'
import { instant, object } from './schema.ts'

export const interfaceRouteTable = {
  volume: get(
    '/interfaces/{id}/volume',
    'interfaces.read',
    'Exchanges by the hour beside what the type of day and the hour let expect, over the last 24 hours',
    nothing,
    'Volume',
  ),
  changed: get(
    '/interfaces/{id}/changed',
    'changes.read',
    'What changed on an interface and around it, newest first: software and messages on its wire, its contract, the configuration, planned changes that touch it',
    object({}, { from: instant('Default: a week before `to`.'), to: instant('Default: now.') }),
    'ChangedList',
  ),
} as const
