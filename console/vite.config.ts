import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * Builds the console into `console/dist`, which the desk serves. Nothing is inlined into the page, so that the desk's
 * content security policy needs no exception for scripts. `AUSCULT_API` names the desk that `vite` alone (development) asks.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Chromium-based domestic browsers are some versions behind; the other is Firefox's long-term release.
    target: ['chrome111', 'firefox115'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Which pieces belong to which page: tests/e2e/page-sizes.ts reads it. Files in a folder with a dot are not served.
    manifest: true,
    // The largest piece is Ant Design itself; the bound of 1 MB gzip per page is held by tests/e2e/page-sizes.test.ts.
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { '/api': process.env.AUSCULT_API ?? 'http://127.0.0.1:8080' } },
})
