import { type ReactNode, useMemo } from 'react'
import type { InterfaceAnswer, InterfaceState, SystemAnswer } from '../../../gateway/desk/api/shapes.ts'
import Chart from '../parts/chart.tsx'
import { useRoute } from '../route.tsx'
import { palette, type ThemeName, useTheme } from '../theme.tsx'
import { type Language, useLanguage } from '../words/language.tsx'
import { type Place, placesOf } from './layers.ts'

/** Systems as boxes, interfaces as lines between them in the colour of their state. */
export default function Topology({
  interfaces,
  systems,
}: {
  readonly interfaces: readonly InterfaceAnswer[]
  readonly systems: readonly SystemAnswer[]
}): ReactNode {
  const language = useLanguage()
  const theme = useTheme().name
  const { go } = useRoute()
  // Numbers change each second, the picture only with the states: told apart here, so that the chart rests.
  const picture = JSON.stringify(interfaces.map(({ id, state }) => [id, state]))
  const option = useMemo(
    () => optionOf(interfaces, systems, theme, language, picture),
    [picture, systems, theme, language, interfaces],
  )
  return (
    <Chart
      className="topology"
      label={language.words.board.topology}
      option={option}
      onClick={(name) => {
        if (interfaces.some(({ id }) => id === name)) go(`/interfaces/${name}`)
        else go('/systems')
      }}
    />
  )
}

function optionOf(
  interfaces: readonly InterfaceAnswer[],
  systems: readonly SystemAnswer[],
  theme: ThemeName,
  language: Language,
  _picture: string,
) {
  const colors = palette[theme]
  const places = placesOf(
    systems.map(({ id }) => id),
    interfaces,
  )
  const nameOf = (id: string) => {
    const system = systems.find((s) => s.id === id)
    return system === undefined ? id : shortName(language.pick(system.name))
  }
  return {
    tooltip: {
      backgroundColor: colors.surface,
      borderColor: colors.line,
      textStyle: { color: colors.ink, fontSize: 13 },
      formatter: ({ name }: { readonly name: string }) => tooltipText(name, interfaces, nameOf, language),
    },
    series: [
      {
        type: 'graph',
        layout: 'none',
        left: 78,
        right: 78,
        top: 18,
        bottom: 18,
        silent: false,
        edgeSymbol: ['none', 'arrow'],
        edgeSymbolSize: 7,
        cursor: 'pointer',
        emphasis: { focus: 'adjacency', lineStyle: { width: 3 } },
        data: places.map((place) => nodeOf(place, nameOf, interfaces, theme)),
        links: interfaces.map((iface) => ({
          source: iface.from,
          target: iface.to,
          name: iface.id,
          lineStyle: lineStyles(theme)[iface.state],
        })),
      },
    ],
  }
}

function nodeOf(place: Place, nameOf: (id: string) => string, interfaces: readonly InterfaceAnswer[], theme: ThemeName) {
  const colors = palette[theme]
  const own = interfaces.filter(({ from, to }) => from === place.id || to === place.id)
  const isObserved = own.some(({ state }) => state !== 'not-yet-observed')
  return {
    id: place.id,
    name: place.id,
    x: place.x * 1000,
    y: place.y * 1000,
    symbol: 'roundRect',
    symbolSize: place.column === 'hub' ? [118, 30] : [132, 24],
    itemStyle: {
      color: colors.surface,
      borderColor: isObserved ? colors.quiet : colors.faint,
      borderWidth: place.column === 'hub' ? 1.5 : 1,
    },
    label: {
      show: true,
      formatter: nameOf(place.id),
      color: isObserved ? colors.ink : colors.quiet,
      fontSize: place.column === 'hub' ? 13 : 12,
      width: place.column === 'hub' ? 108 : 124,
      overflow: 'truncate',
    },
  }
}

function lineStyles(theme: ThemeName): { readonly [state in InterfaceState]: object } {
  const colors = palette[theme]
  return {
    down: { color: colors.ill, width: 3, opacity: 1, curveness: 0.08 },
    degraded: { color: colors.warn, width: 2.5, opacity: 1, curveness: 0.08 },
    silent: { color: colors.warn, width: 2, opacity: 1, type: [5, 4], curveness: 0.08 },
    ok: { color: colors.well, width: 1.4, opacity: 0.9, curveness: 0.08 },
    'not-yet-observed': { color: colors.faint, width: 1, opacity: 0.9, type: [2, 4], curveness: 0.08 },
  }
}

function tooltipText(
  name: string,
  interfaces: readonly InterfaceAnswer[],
  nameOf: (id: string) => string,
  { words, pick }: Language,
): string {
  const iface = interfaces.find(({ id }) => id === name)
  if (iface === undefined) return escaped(nameOf(name))
  return `${escaped(pick(iface.name))}<br>${escaped(nameOf(iface.from))} → ${escaped(nameOf(iface.to))} · ${words.states[iface.state]}`
}

/** What stands in brackets is an abbreviation's other half; the box has room for one. */
function shortName(name: string): string {
  const bracket = /\(([A-Za-z0-9 ]{2,8})\)/.exec(name)?.[1]
  return name.length > 14 && bracket !== undefined ? bracket : name.replace(/\s*\(.*?\)/, '')
}

/** ECharts takes a tooltip as HTML: names come from a configuration, and are shown as text. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}
