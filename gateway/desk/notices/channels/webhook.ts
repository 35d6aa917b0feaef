import { createHmac } from 'node:crypto'
import type { Channel, WebhookOptions } from './channel.ts'
import { post } from './post.ts'

/**
 * The whole notice as JSON, both languages. `Idempotency-Key` is the notice's id; `X-Auscult-Signature` is
 * `sha256=` and the HMAC-SHA-256, in hexadecimal, of `X-Auscult-Timestamp`, a dot and the body, so that neither can be changed and an
 * old one can't be played again.
 */
export function openWebhook({ name, url, secret }: WebhookOptions): Channel {
  return {
    name,
    send: async (notice, at, signal) => {
      const body = JSON.stringify({ ...notice, at: new Date(notice.at).toISOString() })
      const stamp = String(Math.floor(at / 1000))
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': encodeURI(notice.id),
        'x-auscult-timestamp': stamp,
        'x-auscult-signature': `sha256=${createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex')}`,
      }
      await post({ url, headers, body, signal })
    },
  }
}
