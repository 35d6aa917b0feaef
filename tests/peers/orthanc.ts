import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface OrthancPorts {
  readonly dicomPort: number
  readonly httpPort: number
  /** Where `onward` listens, to which it can send. */
  readonly onwardPort?: number
}

/** Debian's place of the DICOMweb plug-in. */
export const dicomWebPlugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so'

/** An Orthanc of its own: on loopback, with its store in the test's folder, and no plug-ins but these. The path of its configuration. */
export async function orthancConfig(folder: string, ports: OrthancPorts, plugins: readonly string[] = []): Promise<string> {
  const store = join(folder, 'store')
  const path = join(folder, 'orthanc.json')
  const options = {
    Name: 'peer',
    StorageDirectory: store,
    IndexDirectory: store,
    Plugins: plugins,
    HttpPort: ports.httpPort,
    HttpBindAddresses: ['127.0.0.1'],
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomPort: ports.dicomPort,
    DicomAet: 'ORTHANC',
    DicomModalities: ports.onwardPort === undefined ? {} : { onward: ['VIEWER', '127.0.0.1', ports.onwardPort] },
    DicomAlwaysAllowFind: true,
    DicomAlwaysAllowGet: true,
  }
  await writeFile(path, JSON.stringify(options))
  return path
}
