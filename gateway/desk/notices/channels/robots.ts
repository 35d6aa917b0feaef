import { createHmac } from 'node:crypto'
import type { Notice } from '../../../model/notice.ts'
import type { Instant } from '../../../model/time.ts'
import { type Channel, ChannelRefusal, type Language, type RobotOptions } from './channel.ts'
import { post } from './post.ts'

/** What a robot is sent: where, and the JSON. */
interface Call {
  readonly url: string
  readonly body: object
}

/** A group robot of WeCom, DingTalk or Feishu. They answer 200 to everything, and say in the body whether they took it. */
export function openRobot(options: RobotOptions): Channel {
  const { name, kind, language } = options
  return {
    name,
    send: async (notice, at, signal) => {
      const { url, body } = calls[kind](options, textOf(notice, language), at)
      const headers = { 'content-type': 'application/json; charset=utf-8' }
      const answer = await post({ url, headers, body: JSON.stringify(body), signal })
      const code = answerCode(answer)
      if (code !== 0) throw new ChannelRefusal(`the robot answered ${code ?? 'no code'}`)
    },
  }
}

const calls = {
  wecom: wecomCall,
  dingtalk: dingtalkCall,
  feishu: feishuCall,
} as const satisfies { readonly [K in RobotOptions['kind']]: (options: RobotOptions, text: RobotText, at: Instant) => Call }

interface RobotText {
  readonly title: string
  readonly body: string
}

/** https://developer.work.weixin.qq.com/document/path/91770: at most 4,096 bytes of Markdown. */
function wecomCall({ url }: RobotOptions, { title, body }: RobotText): Call {
  return { url, body: { msgtype: 'markdown', markdown: { content: cut(`**${title}**\n${body}`, 4_096) } } }
}

/** https://open.dingtalk.com/document/robots/custom-robot-access: signed by timestamp and secret in the query. */
function dingtalkCall({ url, secret }: RobotOptions, { title, body }: RobotText, at: Instant): Call {
  const message = {
    msgtype: 'markdown',
    markdown: { title, text: cut(`### ${title}\n\n${body.replaceAll('\n', '  \n')}`, 20_000) },
  }
  if (secret === null) return { url, body: message }
  const timestamp = String(Math.floor(at))
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
  const signed = new URL(url)
  signed.searchParams.set('timestamp', timestamp)
  signed.searchParams.set('sign', sign)
  return { url: signed.href, body: message }
}

/** https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: the key of the HMAC is timestamp and secret, its text is empty. */
function feishuCall({ url, secret }: RobotOptions, { title, body }: RobotText, at: Instant): Call {
  const message = { msg_type: 'text', content: { text: cut(`${title}\n${body}`, 20_000) } }
  if (secret === null) return { url, body: message }
  const timestamp = String(Math.floor(at / 1000))
  const sign = createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64')
  return { url, body: { timestamp, sign, ...message } }
}

function textOf(notice: Notice, language: Language): RobotText {
  return { title: notice.title[language], body: notice.body[language] }
}

/** At most so many bytes of UTF-8, whole characters. */
function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= bytesMax) return text
  return bytes
    .subarray(0, bytesMax - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/u, '')
}

/** WeCom and DingTalk say `errcode`, Feishu `code` or, of old, `StatusCode`. Null where none of them stands. */
function answerCode(text: string): number | null {
  const answer: unknown = parsed(text)
  if (typeof answer !== 'object' || answer === null) return null
  const found = Object.entries(answer).find(([key]) => key === 'errcode' || key === 'code' || key === 'StatusCode')?.[1]
  return typeof found === 'number' ? found : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
