import { App, Button } from 'antd'
import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import type { Of } from '../../../gateway/desk/api/schema.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { ApiProblem, upload, withQuery, write } from '../api/client.ts'
import { Loading, ProblemNote, problemText } from '../parts/notes.tsx'
import { bytesText, countText } from '../parts/number.ts'
import { usePolling } from '../parts/polling.ts'
import { clockTime } from '../parts/time.ts'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'

/** The limit is set in these. */
const mebibyte = 1_048_576

export type CaptureAnswer = Of<typeof shapes.Capture>

/** Where a capture is dropped, and the captures that are here. */
export default function CapturesPage(): ReactNode {
  const { words } = useLanguage()
  const asked = useAnswer('/captures', shapes.CaptureList)
  const items = asked.answer?.items ?? []
  usePolling(
    items.some(({ state }) => state === 'running'),
    asked.reload,
  )
  return (
    <>
      <header className="page-head">
        <h1>{words.captures.title}</h1>
        <p className="quiet">{words.captures.lead}</p>
      </header>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      {asked.answer === null ? (
        asked.problem === null && <Loading />
      ) : (
        <div className="stack">
          <section className="panel">
            <ol className="capture-steps">
              {words.captures.steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            <Drop bytesMax={asked.answer.bytesMax} />
          </section>
          {items.length > 0 && <CaptureList items={items} onChange={asked.reload} />}
        </div>
      )}
    </>
  )
}

function Drop({ bytesMax }: { readonly bytesMax: number }): ReactNode {
  const { words } = useLanguage()
  const { go } = useRoute()
  const { message } = App.useApp()
  const [isOver, setOver] = useState(false)
  const [sending, setSending] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const open = (capture: CaptureAnswer) => go(`/captures/${capture.id}`)
  const tell = (error: unknown) => {
    setSending(null)
    if (!(error instanceof ApiProblem)) throw error
    message.error(error.code === 'INVALID_REQUEST' || error.code === 'TOO_LARGE' ? error.message : problemText(error, words))
  }
  const send = (file: File | undefined) => {
    if (file === undefined) return
    setSending(file.name)
    upload(withQuery('/captures', { name: file.name }), file, shapes.Capture).then(open, tell)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    send(event.dataTransfer.files[0])
  }
  return (
    <section
      className={`capture-drop ${isOver ? 'capture-drop-over' : ''}`}
      aria-label={words.captures.drop}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>{sending === null ? words.captures.drop : words.captures.uploading(sending)}</p>
      <p className="capture-buttons">
        <Button type="primary" loading={sending !== null} onClick={() => input.current?.click()}>
          {words.captures.choose}
        </Button>
        <Button
          disabled={sending !== null}
          onClick={() => {
            write('/captures/sample', {}, shapes.Capture).then(open, tell)
          }}
        >
          {words.captures.sample}
        </Button>
      </p>
      <p className="quiet">{words.captures.limit(`${Math.floor(bytesMax / mebibyte)} MB`)}</p>
      <input
        ref={input}
        type="file"
        accept=".pcap,.pcapng,.cap"
        hidden
        aria-label={words.captures.choose}
        onChange={(event) => send(event.target.files?.[0])}
      />
    </section>
  )
}

function CaptureList({
  items,
  onChange,
}: {
  readonly items: readonly CaptureAnswer[]
  readonly onChange: () => void
}): ReactNode {
  const { words } = useLanguage()
  return (
    <section className="panel panel-table">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.captures.file}</th>
            <th scope="col">{words.captures.state}</th>
            <th scope="col" className="number wide-only">
              {words.captures.size}
            </th>
            <th scope="col" className="wide-only">
              {words.captures.by}
            </th>
            <th scope="col" className="wide-only">
              {words.captures.received}
            </th>
            <th scope="col" />
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td>
                <Link to={`/captures/${item.id}`}>{item.isSample ? words.captures.exampleName : item.name}</Link>
              </td>
              <td>
                {words.captures.states[item.state]}{' '}
                <span className="quiet">{words.captures.running(countText(item.packets))}</span>
              </td>
              <td className="number wide-only">{bytesText(item.bytes)}</td>
              <td className="wide-only">{item.by}</td>
              <td className="figures wide-only">
                {clockTime(item.receivedAt, 'min')}{' '}
                <span className="quiet">{words.captures.deletes(clockTime(item.deletedAt, 'min'))}</span>
              </td>
              <td>
                <Button
                  size="small"
                  type="text"
                  onClick={() => {
                    write(`/captures/${item.id}/delete`, {}, shapes.CaptureList).then(onChange, onChange)
                  }}
                >
                  {words.captures.remove}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
