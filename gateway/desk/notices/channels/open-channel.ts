import { openAlertmanager } from './alertmanager.ts'
import type { Channel, ChannelOptions } from './channel.ts'
import { openRobot } from './robots.ts'
import { openSmtp } from './smtp.ts'
import { openTemplated } from './templated.ts'
import { openWebhook } from './webhook.ts'

/** The channel that a configuration means. Connects to nothing yet. */
export function openChannel(options: ChannelOptions): Channel {
  switch (options.kind) {
    case 'smtp':
      return openSmtp(options)
    case 'webhook':
      return openWebhook(options)
    case 'wecom':
    case 'dingtalk':
    case 'feishu':
      return openRobot(options)
    case 'alertmanager':
      return openAlertmanager(options)
    case 'http':
      return openTemplated(options)
    default:
      return options satisfies never
  }
}
