import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { InterfaceAnswer, InterfaceState, SystemAnswer } from '../../../gateway/desk/api/shapes.ts'
import { Link } from '../route.tsx'
import { type Language, useLanguage } from '../words/language.tsx'
import { type Place, placesOf } from './layers.ts'

interface Box extends Place {
  readonly left: number
  readonly top: number
  readonly width: number
}

const boxHeight = 28
const rowMin = 38
const margin = 14
/** Drawn in this order: what is ill lies on top. */
const layers: readonly InterfaceState[] = ['not-yet-observed', 'ok', 'silent', 'degraded', 'down']

/**
 * Systems as boxes, interfaces as lines between them in the colour of their state. Drawn as SVG and not by the chart library: every
 * line is a link with a name, which the keyboard reaches and a screen reader reads.
 */
export function Topology({
  interfaces,
  systems,
}: {
  readonly interfaces: readonly InterfaceAnswer[]
  readonly systems: readonly SystemAnswer[]
}): ReactNode {
  const language = useLanguage()
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place)
  const [chosen, setChosen] = useState<string | null>(null)
  const places = placesOf(
    systems.map(({ id }) => id),
    interfaces,
  )
  const most = Math.max(
    ...(['left', 'hub', 'right'] as const).map((column) => places.filter((p) => p.column === column).length),
    1,
  )
  const height = most * rowMin + margin
  const boxes = new Map(places.map((p) => [p.id, boxOf(p, width, height)]))
  const nameOf = (id: string) => systemName(id, systems, language)
  return (
    <div className="topology" ref={place}>
      {width > 0 && (
        <svg width={width} height={height}>
          <title>{language.words.board.topology}</title>
          <defs>
            {layers.map((state) => (
              <marker
                key={state}
                id={`end-${state}`}
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="8"
                markerHeight="8"
                markerUnits="userSpaceOnUse"
                orient="auto"
              >
                <path className={`wire-end wire-end-${state}`} d="M0 0.5L8 4L0 7.5z" />
              </marker>
            ))}
          </defs>
          {interfaces
            .toSorted((a, b) => layers.indexOf(a.state) - layers.indexOf(b.state))
            .map((iface) => (
              <Wire key={iface.id} iface={iface} boxes={boxes} nameOf={nameOf} chosen={chosen} />
            ))}
          {[...boxes.values()].map((box) => (
            <SystemBox key={box.id} box={box} name={nameOf(box.id)} interfaces={interfaces} onChoose={setChosen} />
          ))}
        </svg>
      )}
    </div>
  )
}

function Wire({
  iface,
  boxes,
  nameOf,
  chosen,
}: {
  readonly iface: InterfaceAnswer
  readonly boxes: ReadonlyMap<string, Box>
  readonly nameOf: (id: string) => string
  readonly chosen: string | null
}): ReactNode {
  const { words, pick } = useLanguage()
  const from = boxes.get(iface.from)
  const to = boxes.get(iface.to)
  if (from === undefined || to === undefined) return null
  const path = wirePath(from, to)
  const isFaint = chosen !== null && iface.from !== chosen && iface.to !== chosen
  const label = `${pick(iface.name)}: ${nameOf(iface.from)} → ${nameOf(iface.to)}, ${words.states[iface.state]}`
  return (
    <Link to={`/interfaces/${iface.id}`} aria-label={label} className={isFaint ? 'wire wire-faint' : 'wire'}>
      <title>{label}</title>
      <path className="wire-grip" d={path} />
      <path className={`wire-line wire-${iface.state}`} d={path} markerEnd={`url(#end-${iface.state})`} />
    </Link>
  )
}

function SystemBox({
  box,
  name,
  interfaces,
  onChoose,
}: {
  readonly box: Box
  readonly name: string
  readonly interfaces: readonly InterfaceAnswer[]
  readonly onChoose: (id: string | null) => void
}): ReactNode {
  const isObserved = interfaces.some(
    ({ from, to, state }) => (from === box.id || to === box.id) && state !== 'not-yet-observed',
  )
  return (
    <g
      className={`box box-${box.column}${isObserved ? ' box-observed' : ''}`}
      onPointerEnter={() => onChoose(box.id)}
      onPointerLeave={() => onChoose(null)}
    >
      <rect x={box.left} y={box.top} width={box.width} height={boxHeight} rx="4" />
      <text x={box.left + box.width / 2} y={box.top + boxHeight / 2}>
        {shortened(name, box.width)}
        <title>{name}</title>
      </text>
    </g>
  )
}

function useWidth(place: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return width
}

function boxOf(place: Place, width: number, height: number): Box {
  const boxWidth = Math.min(Math.max(width * 0.17, 92), 168)
  const room = width - boxWidth - 2
  return { ...place, width: boxWidth, left: 1 + place.x * room, top: place.y * height - boxHeight / 2 }
}

/** Leaves and arrives at the sides that face each other; within a column, at top and bottom. */
function wirePath(from: Box, to: Box): string {
  const middle = (box: Box) => ({ x: box.left + box.width / 2, y: box.top + boxHeight / 2 })
  if (Math.abs(from.left - to.left) < from.width * 1.25) {
    const isDown = to.top > from.top
    const a = { x: middle(from).x, y: isDown ? from.top + boxHeight : from.top }
    const b = { x: middle(to).x, y: isDown ? to.top : to.top + boxHeight }
    const bend = (b.y - a.y) / 2
    return `M${n(a.x)} ${n(a.y)}C${n(a.x)} ${n(a.y + bend)} ${n(b.x)} ${n(b.y - bend)} ${n(b.x)} ${n(b.y)}`
  }
  const isRight = to.left > from.left
  const a = { x: isRight ? from.left + from.width : from.left, y: middle(from).y }
  const b = { x: isRight ? to.left : to.left + to.width, y: middle(to).y }
  const bend = (b.x - a.x) / 2
  return `M${n(a.x)} ${n(a.y)}C${n(a.x + bend)} ${n(a.y)} ${n(b.x - bend)} ${n(b.y)} ${n(b.x)} ${n(b.y)}`
}

function n(value: number): string {
  return value.toFixed(1)
}

function systemName(id: string, systems: readonly SystemAnswer[], { pick }: Language): string {
  const system = systems.find((s) => s.id === id)
  return system === undefined ? id : pick(system.name)
}

/** A name as long as its box: an abbreviation in brackets stands for the whole where the whole doesn't fit. */
function shortened(name: string, width: number): string {
  const units = [...name].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e7f ? 13 : 6.8), 0)
  if (units <= width - 10) return name
  const bracket = /\(([A-Za-z0-9 -]{2,8})\)/.exec(name)?.[1]
  if (bracket !== undefined) return bracket
  const perCharacter = units / name.length
  return `${name.slice(0, Math.max(Math.floor((width - 22) / perCharacter), 3))}…`
}
