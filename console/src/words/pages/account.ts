/** Words of signing in by name, and of one's own password. */
const zh = {
  name: '用户名',
  password: '密码',
  byLink: '使用链接',
  orLink: '首次登录或忘记密码',
  orProvider: '单点登录',
  refusedRole: '账号尚无角色，或已停用。请隐私官授予角色后，用同一链接再次登录。',
  refusedProvider: '身份提供方未能完成登录，或你在那里的角色未对应本系统的角色。',
  change: '修改密码',
  choose: '设置密码',
  chooseNote: '你是用一次性链接登录的。设置密码后，下次可以直接登录。',
  current: '当前密码',
  next: '新密码',
  again: '再次输入新密码',
  rule: '至少 12 个字符、6 种不同字符，且不含用户名。其他设备上的会话会结束。',
  differ: '两次输入不一致',
  done: '密码已更新',
}
export type AccountWords = typeof zh

const en: AccountWords = {
  name: 'Name',
  password: 'Password',
  byLink: 'Use the link',
  orLink: 'First time here, or password lost',
  orProvider: 'Sign in with the hospital’s account',
  refusedRole: 'The account has no role yet, or is closed. Once the privacy officer has given it one, use the same link again.',
  refusedProvider: 'The identity provider did not complete the sign-in, or your role there matches none here.',
  change: 'Change password',
  choose: 'Choose a password',
  chooseNote: 'You came by a one-time link. With a password you can come back without one.',
  current: 'Current password',
  next: 'New password',
  again: 'New password again',
  rule: 'At least 12 characters, six different ones, without your name. Sessions on other devices end.',
  differ: 'The two are not the same',
  done: 'Password changed',
}

export const account = { zh, en } as const
