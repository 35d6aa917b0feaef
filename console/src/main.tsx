import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './console.css'
import { App } from './app.tsx'
import { RouteProvider } from './route.tsx'
import { ThemeProvider } from './theme.tsx'
import { LanguageProvider } from './words/language.tsx'

const place = document.getElementById('console')
if (place === null) throw new Error('the page has no place for the console')
createRoot(place).render(
  <StrictMode>
    <LanguageProvider>
      <ThemeProvider>
        <RouteProvider>
          <App />
        </RouteProvider>
      </ThemeProvider>
    </LanguageProvider>
  </StrictMode>,
)
