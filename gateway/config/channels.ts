import type { ChannelOptions } from '../desk/notices/channels/channel.ts'
import { failure } from '../model/failures.ts'
import { secretText } from './secret.ts'
import type { ChannelShape, SecretShape } from './shape.ts'

const mailPort = { implicit: 465, starttls: 587, none: 25 } as const

/** A channel as configured, its secrets read. `folder` is where relative paths begin. Throws CONFIG_INVALID when a secret can't be read. */
export function readChannel(shape: ChannelShape, folder: string): ChannelOptions {
  const { name, kind, language = 'zh', url = '' } = shape
  const secret = shape.secret === undefined ? null : readSecret(shape.secret, name, folder)
  switch (kind) {
    case 'smtp': {
      const { host = '', tls = 'starttls', port = mailPort[tls], user = null, from = '', to = [] } = shape
      return { kind, name, language, host, port, tls, user, password: secret, from, to }
    }
    case 'webhook':
      return { kind, name, language, url, secret: secret ?? '' }
    case 'wecom':
    case 'dingtalk':
    case 'feishu':
      return { kind, name, language, url: robotUrl(shape, folder), secret }
    case 'alertmanager':
      return { kind, name, language, url, bearer: secret }
    case 'http': {
      const { method = 'POST', headers = { 'content-type': 'application/json' }, body = '' } = shape
      return { kind, name, language, url, method, headers, body, secret }
    }
    default:
      return kind satisfies never
  }
}

function robotUrl({ name, urlFrom = {} }: ChannelShape, folder: string): string {
  const url = readSecret(urlFrom, name, folder)
  if (!URL.canParse(url) || !url.startsWith('http')) throw unreadable(name, 'is no http address')
  return url
}

function readSecret(secret: SecretShape, name: string, folder: string): string {
  return secretText(secret, folder, (what) => unreadable(name, what))
}

function unreadable(name: string, what: string) {
  return failure('CONFIG_INVALID', `the secret of the channel "${name}" ${what}`, { place: { key: 'desk.channels' } })
}
