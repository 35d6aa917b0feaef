/** The words of saved searches. */
export const zh = {
  title: '已存搜索',
  save: '保存此搜索',
  name: '名称',
  note: '保存条件，不保存所搜的号码；链接可直接发给同事。',
  saved: '已保存',
  forget: (name: string) => `删除已存搜索“${name}”`,
}
export const en: typeof zh = {
  title: 'Saved searches',
  save: 'Save this search',
  name: 'Name',
  note: 'The filters are kept, an identifier that is searched for is not. Its link can be sent to a colleague.',
  saved: 'Saved',
  forget: (name) => `Delete the saved search “${name}”`,
}
