import { Button } from 'antd'
import type { ReactNode } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { downloadYaml } from '../parts/download.ts'
import { ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { dayTime } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'
import { Changes } from './contract-marks.tsx'

const digestShown = 12

/** The texts that were in use, newest first, each with what it changed. */
export function Versions({ path, contractId }: { readonly path: string; readonly contractId: string }): ReactNode {
  const { words } = useLanguage()
  const asked = useAnswer(`${path}/versions`, shapes.ContractVersionList)
  const items = asked.answer?.items ?? []
  return (
    <Panel title={words.contracts.versions}>
      {asked.problem !== null && <ProblemNote problem={asked.problem} onRetry={asked.reload} />}
      <ol className="contract-versions">
        {items.map((item, i) => (
          <li key={`${item.digest} ${item.firstUsedAt}`}>
            <p className="contract-version-head">
              <strong>{words.contracts.versionOf(item.version)}</strong>
              <span className="figures">{dayTime(item.firstUsedAt, null, 'min')}</span>
              {item.inUse && <span className="badge">{words.contracts.inUse}</span>}
              <code className="quiet" title={item.digest}>
                {item.digest.slice(0, digestShown)}
              </code>
              <Button size="small" type="text" onClick={() => downloadYaml(`${contractId}.${item.version}.yaml`, item.text)}>
                {words.contracts.download}
              </Button>
            </p>
            {item.changes.length > 0 ? (
              <Changes changes={item.changes} />
            ) : (
              <p className="quiet">{i === items.length - 1 ? words.contracts.noChanges : words.contracts.sameWords}</p>
            )}
            <details>
              <summary>{words.contracts.text}</summary>
              <pre className="message-text">{item.text}</pre>
            </details>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
