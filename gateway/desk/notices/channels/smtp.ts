import { createTransport } from 'nodemailer'
import { type Channel, ChannelRefusal, type SmtpOptions } from './channel.ts'

const waitMs = 10_000

/** Mail by SMTP. The Message-ID is the notice's id, so that a mail that comes twice is one to who sorts by it. */
export function openSmtp(options: SmtpOptions): Channel {
  const { name, host, port, tls, user, password, from, to, language } = options
  return {
    name,
    filesIn: language,
    send: async (notice, _at, signal, files = []) => {
      const transport = createTransport({
        host,
        port,
        secure: tls === 'implicit',
        requireTLS: tls === 'starttls',
        ignoreTLS: tls === 'none',
        ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
        connectionTimeout: waitMs,
        greetingTimeout: waitMs,
        socketTimeout: waitMs,
        // What the notice says is text: nothing in it is a file or an address to fetch.
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const giveUp = () => transport.close()
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: notice.title[language],
          text: notice.body[language],
          attachments: files.map(({ name: filename, type, bytes }) => ({
            filename,
            contentType: type,
            content: Buffer.from(bytes),
          })),
          messageId: `<${encodeURIComponent(notice.id)}@auscult>`,
          headers: { 'X-Auscult-Notice': encodeURI(notice.id), 'Auto-Submitted': 'auto-generated' },
        })
      } catch (error) {
        throw new ChannelRefusal(`the mail server did not take it (${codeOf(error)})`)
      } finally {
        signal.removeEventListener('abort', giveUp)
        transport.close()
      }
    },
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
}
