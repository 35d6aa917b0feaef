import type { Channel, TemplatedOptions } from './channel.ts'
import { post } from './post.ts'

/** A gateway for short messages or calls: the configured body, its placeholders filled as the content type needs them. */
export function openTemplated(options: TemplatedOptions): Channel {
  const { name, url, method, headers, language } = options
  const write = writerFor(headers)
  return {
    name,
    send: async (notice, _at, signal) => {
      const words = new Map([
        ['id', notice.id],
        ['kind', notice.kind],
        ['severity', notice.severity],
        ['title', notice.title[language]],
        ['text', notice.body[language]],
        ['secret', options.secret ?? ''],
      ])
      const fill = (template: string, written: (word: string) => string) =>
        template.replace(/\{(id|kind|severity|title|text|secret)\}/g, (_, word: string) => written(words.get(word) ?? ''))
      const sent = Object.entries(headers).map(([header, value]) => [header, fill(value, oneLine)])
      const own = { 'idempotency-key': encodeURI(notice.id), ...Object.fromEntries(sent) }
      await post({ url, method, headers: own, body: fill(options.body, write), signal })
    },
  }
}

function writerFor(headers: TemplatedOptions['headers']): (word: string) => string {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  if (type.includes('json')) return (word) => JSON.stringify(word).slice(1, -1)
  if (type.includes('form-urlencoded')) return encodeURIComponent
  return type.includes('xml') ? xmlText : (word) => word
}

function xmlText(word: string): string {
  return word.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** A header is one line of Latin letters (RFC 9110 5.5). */
function oneLine(word: string): string {
  return word.replace(/[^\x20-\x7e]/g, '?')
}
