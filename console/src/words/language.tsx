import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { remember, remembered } from '../parts/remember.ts'
import { en } from './en.ts'
import { type Words, zh } from './zh.ts'

export type LanguageName = 'zh' | 'en'

/** The words of the chosen language, and how to choose another. */
export interface Language {
  readonly name: LanguageName
  readonly words: Words
  choose(name: LanguageName): void
  /** Of a text that the server has in both. */
  pick(text: { readonly zh: string; readonly en: string }): string
}

const LanguageContext = createContext<Language | null>(null)

/** Chinese unless the person chose otherwise, or the address says `?lang=en`. */
export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [name, setName] = useState<LanguageName>(() => first())
  useEffect(() => {
    document.documentElement.lang = name === 'zh' ? 'zh-CN' : 'en'
  }, [name])
  const language = useMemo<Language>(
    () => ({
      name,
      words: name === 'zh' ? zh : en,
      choose: (next) => {
        remember('language', next)
        setName(next)
      },
      pick: (text) => (name === 'zh' ? text.zh || text.en : text.en || text.zh),
    }),
    [name],
  )
  return <LanguageContext value={language}>{children}</LanguageContext>
}

export function useLanguage(): Language {
  const language = useContext(LanguageContext)
  if (language === null) throw new Error('useLanguage outside of LanguageProvider')
  return language
}

export function useWords(): Words {
  return useLanguage().words
}

function first(): LanguageName {
  const asked = new URLSearchParams(window.location.search).get('lang') ?? remembered('language')
  return asked === 'en' ? 'en' : 'zh'
}
