import { get, nothing, post } from './route.ts'

export const settingsRouteTable = {
  settings: get(
    '/settings',
    'settings.read',
    'What runs and how it is set up: version, configuration, retention, ids of keys, TLS, channels. Never a secret',
    nothing,
    'Settings',
  ),
  testChannel: post(
    '/channels/{name}/test',
    'channels.test',
    'Sends a test notice on one channel, once and at once, and says whether it was taken',
    nothing,
    'ChannelTest',
  ),
} as const
