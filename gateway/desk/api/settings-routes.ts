import { get, nothing } from './route.ts'

export const settingsRouteTable = {
  settings: get(
    '/settings',
    'settings.read',
    'What runs and how it is set up: version, configuration, retention, ids of keys, TLS, channels. Never a secret',
    nothing,
    'Settings',
  ),
} as const
