import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, isOpen } from '../support/ports.ts'

/** An nginx of our own on a free port of loopback. */
export interface Nginx {
  readonly port: number
  /** What it serves, and where uploads arrive. */
  readonly folder: string
  close(): Promise<void>
}

/** Whether nginx can be started here: `missingPeers` takes it. */
export const nginxVersion = ['nginx', '-v'] as const

/** Starts nginx: `/files` takes uploads and serves them; `/status/NNN` answers with that status; `/gzip` is compressed as it is sent. */
export async function startNginx(port?: number): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'auscult-nginx-'))
  await mkdir(join(folder, 'files'), { mode: 0o777 })
  const listen = port ?? (await freePort())
  await writeFile(join(folder, 'nginx.conf'), configOf(folder, listen))
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  })
  while (!(await isOpen(listen))) await new Promise((resolve) => setTimeout(resolve, 20))
  return {
    port: listen,
    folder: join(folder, 'files'),
    async close() {
      const closed = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGTERM')
      await closed
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function configOf(folder: string, port: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  return `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off; ${paths}
  types { application/json json; text/plain txt; }
  gzip on; gzip_min_length 1; gzip_types application/json;
  keepalive_requests 10000; if_modified_since before;
  server {
    listen 127.0.0.1:${port};
    location /files { alias ${folder}/files; dav_methods PUT DELETE; create_full_put_path on; client_max_body_size 100m; gzip off; }
    location /gzip { alias ${folder}/files; }
    location /small { alias ${folder}/files; dav_methods PUT; client_max_body_size 1k; }
    location /status/204 { return 204; }
    location /status/401 { add_header WWW-Authenticate 'Bearer error="invalid_token"' always; default_type application/json; return 401 '{"error":"token expired"}'; }
    location /status/403 { return 403; }
    location /status/429 { add_header Retry-After 1 always; return 429; }
    location /status/503 { return 503; }
    location /ok { default_type application/json; return 200 '{"ok":true}'; }
  }
}
`
}
