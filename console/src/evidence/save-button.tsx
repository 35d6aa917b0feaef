import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { save } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { useSending } from '../parts/sending.ts'
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
  const { isSending, send } = useSending()
  if (!useMay('exchanges.export')) return null
  return (
    <Button icon={<DownloadOutlined />} loading={isSending} title={hint} onClick={() => send(save(path))}>
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
