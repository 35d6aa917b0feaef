import { App as AntApp, theme as antTheme, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { remember, remembered } from './parts/remember.ts'
import { useLanguage } from './words/language.tsx'

export type ThemeName = 'light' | 'dark'

/** The few colours that the console has. Charts take them from here; everything else from the same names in console.css. */
export const palette = {
  light: {
    ink: '#1b262e',
    quiet: '#5b6a75',
    line: '#dfe5e9',
    ground: '#f4f6f7',
    surface: '#ffffff',
    accent: '#0e6272',
    ill: '#b3261e',
    warn: '#a35c00',
    well: '#4a8f78',
    faint: '#c3ccd3',
  },
  dark: {
    ink: '#dbe4ea',
    quiet: '#93a4b1',
    line: '#293640',
    ground: '#0f161b',
    surface: '#161f26',
    accent: '#58b6c6',
    ill: '#f2776c',
    warn: '#e0a349',
    well: '#5fae93',
    faint: '#3d4c58',
  },
} as const

const fonts =
  "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', system-ui, sans-serif"
const monospace = "ui-monospace, 'SF Mono', 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"

interface Theme {
  readonly name: ThemeName
  toggle(): void
}

const ThemeContext = createContext<Theme>({ name: 'light', toggle: () => {} })

/** Light or dark: as the person chose (`?theme=` or the switch), or else as the system says. Sets Ant Design up with the page's nonce. */
export function ThemeProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [name, setName] = useState<ThemeName>(() => first())
  const language = useLanguage()
  useEffect(() => {
    document.documentElement.dataset.theme = name
  }, [name])
  const value = useMemo<Theme>(
    () => ({
      name,
      toggle: () => {
        const next = name === 'light' ? 'dark' : 'light'
        remember('theme', next)
        setName(next)
      },
    }),
    [name],
  )
  return (
    <ThemeContext value={value}>
      <ConfigProvider
        theme={antTokens(name)}
        locale={language.name === 'zh' ? zhCN : enUS}
        csp={nonce}
        button={{ autoInsertSpace: false }}
      >
        <AntApp component={false}>{children}</AntApp>
      </ConfigProvider>
    </ThemeContext>
  )
}

export function useTheme(): Theme {
  return useContext(ThemeContext)
}

// The desk writes a fresh one into every page: style elements that Ant Design makes carry it, so that no other inline style is needed.
const nonceText = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
const nonce = { nonce: nonceText }

function antTokens(name: ThemeName) {
  const colors = palette[name]
  return {
    algorithm: name === 'dark' ? [antTheme.darkAlgorithm, antTheme.compactAlgorithm] : [antTheme.compactAlgorithm],
    token: {
      colorPrimary: colors.accent,
      colorLink: colors.accent,
      colorError: colors.ill,
      colorWarning: colors.warn,
      colorSuccess: colors.well,
      colorText: colors.ink,
      colorTextSecondary: colors.quiet,
      colorTextDescription: colors.quiet,
      colorTextPlaceholder: colors.quiet,
      colorBgLayout: colors.ground,
      colorBgContainer: colors.surface,
      colorBorder: colors.line,
      colorBorderSecondary: colors.line,
      fontFamily: fonts,
      fontFamilyCode: monospace,
      fontSize: 14,
      borderRadius: 4,
      controlHeight: 32,
      motion: false,
    },
    // The dark theme's accent is light: white on it can't be read.
    components: { Button: { primaryColor: name === 'dark' ? colors.ground : '#ffffff' } },
  }
}

function first(): ThemeName {
  const asked = new URLSearchParams(window.location.search).get('theme') ?? remembered('theme')
  if (asked === 'light' || asked === 'dark') return asked
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
