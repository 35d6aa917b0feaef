import { SendOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { ResentAnswer } from '../../../gateway/desk/api/evidence-shapes.ts'
import { type ExchangeAnswer, shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { ApiProblem, write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import type { Names } from '../parts/catalogue.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/notes.tsx'
import { isReason, ReasonField } from '../parts/reason.tsx'
import { msText } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'
import './evidence.css'

/** Sends the request of an exchange again, to a test endpoint. Shown to those who may, where an endpoint fits the interface. */
export function ResendButton({ exchange, names }: { readonly exchange: ExchangeAnswer; readonly names: Names }): ReactNode {
  const { words } = useLanguage()
  const [isOpen, setOpen] = useState(false)
  const may = useMay('messages.resend')
  const protocol = names.interfaces.find(({ id }) => id === exchange.interfaceId)?.protocol
  if (!may || !exchange.kept.request || (protocol !== 'mllp' && protocol !== 'http')) return null
  return (
    <>
      <Button icon={<SendOutlined />} onClick={() => setOpen(true)}>
        {words.evidence.resend}
      </Button>
      {isOpen && <ResendDialog exchangeId={exchange.id} protocol={protocol} onClose={() => setOpen(false)} />}
    </>
  )
}

function ResendDialog({
  exchangeId,
  protocol,
  onClose,
}: {
  readonly exchangeId: string
  readonly protocol: 'mllp' | 'http'
  readonly onClose: () => void
}): ReactNode {
  const { words } = useLanguage()
  const { evidence } = words
  const asked = useAnswer('/test-endpoints', shapes.TestEndpointList)
  const fitting = (asked.answer?.items ?? []).filter((endpoint) => endpoint.protocol === protocol)
  const [chosen, setChosen] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [resent, setResent] = useState<ResentAnswer | null>(null)
  const endpoint = chosen ?? fitting[0]?.name ?? null
  const send = () => {
    setSending(true)
    setProblem(null)
    setResent(null)
    write(`/exchanges/${encodeURIComponent(exchangeId)}/resend`, { endpoint, reason: reason.trim() }, shapes.Resent).then(
      (answer) => {
        setSending(false)
        setResent(answer)
      },
      (error: unknown) => {
        if (!(error instanceof ApiProblem)) throw error
        setSending(false)
        setProblem(error)
      },
    )
  }
  return (
    <Dialog
      title={evidence.resendTitle}
      action={resent === null ? evidence.send : evidence.again}
      cancel={resent === null ? words.common.cancel : evidence.close}
      isReady={endpoint !== null && isReason(reason)}
      isSending={isSending}
      onSend={send}
      onClose={onClose}
    >
      <p className="quiet">{evidence.resendNote}</p>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      {asked.answer !== null && fitting.length === 0 && <p>{evidence.noEndpoint}</p>}
      {fitting.length > 0 && (
        <>
          <Field label={evidence.endpoint} htmlFor="resend-endpoint">
            <Select
              id="resend-endpoint"
              value={endpoint}
              getPopupContainer={(near) => near.closest('dialog') ?? document.body}
              options={fitting.map(({ name, address }) => ({ value: name, label: `${name} · ${address}` }))}
              onChange={setChosen}
            />
          </Field>
          <ReasonField id="resend-reason" label={evidence.reason} reason={reason} autoFocus onChange={setReason} />
        </>
      )}
      {problem !== null && <ProblemNote problem={problem} />}
      {resent !== null && <Outcome resent={resent} />}
    </Dialog>
  )
}

function Outcome({ resent }: { readonly resent: ResentAnswer }): ReactNode {
  const { evidence } = useLanguage().words
  const { outcome, code, latencyMs, answer } = resent
  const told =
    outcome === 'answered'
      ? evidence.answered(msText(latencyMs))
      : outcome === 'unanswered'
        ? evidence.silent
        : evidence.notSent
  return (
    <>
      <p className={outcome === 'answered' ? undefined : 'bad'} role="status">
        {told}
        {code !== null && <code> {code}</code>}
      </p>
      {answer !== null && (
        <pre className="resent">
          {answer.envelope.map(({ name, value }) => `${name}: ${value}\n`).join('')}
          {answer.text}
        </pre>
      )}
    </>
  )
}
