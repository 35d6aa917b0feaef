/** Words of what leaves the house: the evidence of a ticket, exports, and messages that are sent again. */
export const zh = {
  bundle: '证据包',
  bundleHint: '脱敏报文、重建的抓包、时间线与诊断，打包为 zip 供厂商使用；下载会记入审计',
  exportCsv: '导出 CSV',
  exportHint: '按当前条件导出，最多 10,000 条，不含报文正文；导出会记入审计',
  resend: '重发到测试端',
  resendTitle: '重发到测试端点',
  resendNote: '只能发往配置中的测试端点，不会进入业务系统。发送前先写入审计；没有审计就不发送。',
  endpoint: '测试端点',
  noEndpoint: '配置中没有适合此接口的测试端点（desk.testEndpoints）。',
  reason: '理由',
  send: '发送',
  again: '再次发送',
  close: '关闭',
  answered: (ms: string) => `${ms} 内收到应答（已脱敏）`,
  silent: '已发送，但没有收到应答。',
  notSent: '没有连上测试端点，什么也没有发送。',
}

export const en: typeof zh = {
  bundle: 'Evidence',
  bundleHint:
    'Masked messages, a capture rebuilt of them, timeline and diagnosis in a zip for a vendor. The download is audited',
  exportCsv: 'Export CSV',
  exportHint: 'What the filters show, 10,000 exchanges at most, without messages. The export is audited',
  resend: 'Resend to a test',
  resendTitle: 'Resend to a test endpoint',
  resendNote:
    'It goes to a test endpoint of the configuration only, never to a clinical system. The audit is written first; without it nothing is sent.',
  endpoint: 'Test endpoint',
  noEndpoint: 'The configuration has no test endpoint that fits this interface (desk.testEndpoints).',
  reason: 'Reason',
  send: 'Send',
  again: 'Send again',
  close: 'Close',
  answered: (ms) => `Answered within ${ms}, masked`,
  silent: 'It was sent, and nothing answered.',
  notSent: 'The test endpoint could not be reached; nothing was sent.',
}
