import { DownloadOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { ApiProblem, save } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { problemText } from '../parts/notes.tsx'
import { useLanguage } from '../words/language.tsx'

/** Saves a file that the server makes, and says so where it can't. Shown to those who may export. */
export function SaveButton({
  path,
  label,
  hint,
}: {
  readonly path: string
  readonly label: string
  readonly hint: string
}): ReactNode {
  const { words } = useLanguage()
  const { message } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  if (!useMay('exchanges.export')) return null
  const begin = () => {
    setBusy(true)
    save(path)
      .catch((error: unknown) => {
        if (!(error instanceof ApiProblem)) throw error
        message.error(problemText(error, words))
      })
      .finally(() => setBusy(false))
  }
  return (
    <Button icon={<DownloadOutlined />} loading={isBusy} title={hint} onClick={begin}>
      {label}
    </Button>
  )
}

/** The evidence of a ticket. For the ticket's page. */
export function EvidenceButton({ ticketId }: { readonly ticketId: string }): ReactNode {
  const { evidence } = useLanguage().words
  return (
    <SaveButton path={`/tickets/${encodeURIComponent(ticketId)}/bundle`} label={evidence.bundle} hint={evidence.bundleHint} />
  )
}
