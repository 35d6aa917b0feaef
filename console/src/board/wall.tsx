import { FullscreenExitOutlined, FullscreenOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { Mark } from '../parts/mark.tsx'
import { clockTime } from '../parts/time.ts'
import { Link, useRoute } from '../route.tsx'
import { useLanguage } from '../words/language.tsx'

/** Whether the board hangs on a wall: `?wall=1`. Nothing to click, everything large, read from across the room. */
export function useIsWall(): boolean {
  return useRoute().query.get('wall') === '1'
}

/** Of the wall-board: whose it is, and what time the server has, which stands still when nothing comes any more. */
export function WallHead({ at }: { readonly at: string }): ReactNode {
  const { words } = useLanguage()
  return (
    <header className="wall-head">
      <Mark />
      <strong>{words.product}</strong>
      <span>{words.board.title}</span>
      <span className="wall-clock figures">
        {at.slice(0, 10)} {clockTime(at)}
      </span>
      <Tooltip title={words.board.leaveWall}>
        <Link to="/" aria-label={words.board.leaveWall}>
          <FullscreenExitOutlined />
        </Link>
      </Tooltip>
    </header>
  )
}

export function WallLink(): ReactNode {
  const { words } = useLanguage()
  const { change } = useRoute()
  return (
    <div className="wall-link">
      <Button type="text" size="small" icon={<FullscreenOutlined />} onClick={() => change({ wall: '1' }, 'push')}>
        {words.board.wall}
      </Button>
    </div>
  )
}
