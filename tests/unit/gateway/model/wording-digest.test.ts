import { expect, test } from 'vitest'
import { wordedInCode, wordedOf, wordingDigest } from '../../../../gateway/model/wording-digest.ts'

const causeOf = (text: string) => wordedOf(wordingDigest(text) ?? '')

test('words that are a database’s own name their cause', () => {
  expect(causeOf('HikariPool-1 - Connection is not available, request timed out after 3000ms')).toBe('pool')
  expect(causeOf('ORA-12519: TNS:no appropriate service handler found')).toBe('pool')
  expect(causeOf('Too many connections (1040)')).toBe('pool')
  expect(causeOf('ORA-00060: deadlock detected while waiting for resource')).toBe('lock')
  expect(causeOf('Lock wait timeout exceeded (1205)')).toBe('lock')
  expect(causeOf("ORA-04088: error during execution of trigger 'HIS.TRG_OPR_RECORD'")).toBe('trigger')
})

test.each([
  ['pool', 'Timeout expired. The timeout period elapsed prior to obtaining a connection from the pool.'],
  ['pool', 'com.alibaba.druid.pool.GetConnectionTimeoutException: wait millis 5000, active 50, maxActive 50'],
  ['pool', 'Timeout: Pool empty. Unable to fetch a connection in 30 seconds, none available[size:100; busy:100; idle:0]'],
  ['pool', 'An attempt by a client to checkout a Connection has timed out.'],
  ['pool', 'Cannot get a connection, pool error Timeout waiting for idle object'],
  ['pool', 'weblogic.jdbc.extensions.PoolLimitSQLException: No resources currently available in pool HisDS'],
  ['pool', 'ORA-02391: exceeded simultaneous SESSIONS_PER_USER limit'],
  ['pool', 'FATAL: sorry, too many clients already'],
  ['pool', 'Connection request timed out'],
  ['pool', '数据库会话数超过最大限制'],
  ['pool', '获取数据库连接超时'],
  ['pool', '系统繁忙:数据源连接数已达最大值'],
  ['pool', '服务线程已满,请稍后再试'],
  ['pool', '无法获取数据库连接'],
  ['pool', 'Failed to obtain JDBC Connection; nested exception is java.sql.SQLTransientConnectionException'],
  ['pool', 'IJ000453: Unable to get managed connection for java:/HisDS'],
  ['lock', '会话被阻塞,等待锁释放超时'],
  ['lock', '表 MZ_GHXX 正被其他事务占用'],
  ['trigger', 'ORA-20001: 余额不足 ORA-06512: at "HIS.TRG_CHARGE_BI", line 8'],
  ['trigger', 'PLS-00905: object HIS.P_SAVE_RECORD is invalid'],
  ['trigger', 'PROCEDURE his.sp_save_vitals does not exist (1305)'],
  ['trigger', 'SQLSTATE 09000: triggered action exception'],
  ['rate', '访问过快,请稍后再试'],
  ['rate', '超出调用频度限制'],
  ['rate', 'Rate exceeded'],
  ['rate', 'Maximum requests per second reached'],
  ['slow', 'ORA-01013: user requested cancel of current operation'],
  ['slow', 'Maximum execution time exceeded'],
  ['pool', '致命错误: 剩余的连接槽已保留给超级用户连接'],
  ['pool', '对不起, 已经有太多的客户'],
  ['pool', '当前无空闲线程,请稍后'],
  ['lock', 'canceling statement due to lock timeout'],
  ['lock', '[-6403]:死锁'],
  ['lock', 'SQL0911N  The current transaction has been rolled back because of a deadlock or timeout'],
  ['lock', '资源正忙, 但指定以 NOWAIT 方式获取资源'],
  ['lock', '数据表 REG_MAIN 被锁'],
  ['trigger', 'ORA-04091: table HIS.OPR is mutating, trigger/function may not see it'],
  ['trigger', 'The transaction ended in the trigger. The batch has been aborted.'],
  ['trigger', 'PL/pgSQL function f_check() line 12 at RAISE'],
])('whoever’s message it is, %s: %s', (cause, text) => {
  expect(causeOf(text)).toBe(cause)
})

test('numbers and other refusals name nothing, and the text itself never leaves', () => {
  expect(causeOf('patient 1205 not found')).toBeNull()
  expect(causeOf('Unsupported trigger event')).toBeNull()
  expect(wordingDigest('patient 1205 not found')).toMatch(/^[0-9a-f]{12}$/)
  expect(wordingDigest('Deadlock of patient Zhang')).toMatch(/^lock-[0-9a-f]{12}$/)
})

test.each([
  ['clock', 'token used before issued (iat)'],
  ['clock', 'JWT is not yet valid'],
  ['clock', 'RequestTimeTooSkewed: the difference is too skewed'],
  ['clock', '请求时间戳已过期'],
  ['clock', '客户端时间与服务器时间偏差过大'],
  ['auth', 'The access token expired'],
  ['auth', 'Invalid API key'],
  ['auth', 'ORA-28001: the password has expired'],
  ['auth', "Access denied for user 'lis'@'10.1.0.9'"],
  ['auth', '操作员未登录或会话已超时'],
  ['auth', '签到编号无效,请重新签到'],
  ['auth', 'appSecret 错误'],
  ['auth', '接口验签失败'],
  ['auth', '调用方 IP 不在白名单'],
  ['auth', 'wsse:FailedAuthentication: The security token could not be authenticated or authorized'],
  ['auth', 'An invalid security token was provided (wsse:InvalidSecurityToken)'],
  ['auth', 'invalid_grant'],
  ['auth', '530 Login incorrect.'],
  ['auth', '接口账号已被停用'],
  ['auth', '接入凭据已到期'],
  ['clock', 'wsse:MessageExpired: The message has expired'],
  ['clock', '请求时间与服务器时间相差超过 5 分钟'],
  ['rate', '今日调用次数已达上限'],
  ['rate', 'API quota exceeded'],
  ['rate', 'Daily limit reached'],
  ['large', 'org.apache.kafka.common.errors.RecordTooLargeException'],
  ['large', 'maxReceivedMessageSize'],
  ['large', '入参超过最大 65536'],
  ['rate', '访问过于频繁,请稍后再试'],
  ['rate', '超出最大调用次数'],
  ['rate', '超过接口每分钟请求次数上限'],
  ['rate', '触发流控,稍后重试'],
  ['rate', 'Too many API calls'],
  ['slow', 'upstream request timeout'],
  ['slow', 'java.net.SocketTimeoutException: Read timed out'],
  ['slow', '服务处理超时,请稍后重试'],
  ['slow', '调用规则引擎超时'],
  ['slow', 'context deadline exceeded'],
  ['large', 'Maximum request length exceeded: payload too large'],
  ['large', 'The message size of 70000 exceeds the limit'],
  ['large', '附件超过 10M 限制'],
  ['large', '请求体过大'],
  ['code', '医保目录中未找到该药品'],
  ['code', '科室编码[2031]未维护'],
  ['code', '值域代码无效'],
  ['code', 'Unknown drug code'],
  ['code', 'Code 9999 not found in code system'],
])('a receiver says %s: %s', (cause, text) => {
  expect(causeOf(text)).toBe(cause)
})

test.each([
  '申请单不存在',
  '患者标识为空',
  '就诊已结束,不允许操作',
  '记录被其他用户锁定',
  '患者医保电子凭证已失效',
  '该患者未签到,请先到分诊台签到',
  '医师电子签名无效',
  '参保人个人账户已冻结',
  '检查申请已过期',
  '该处方已失效',
  '采集时间早于申请时间',
  '用药次数超过医嘱次数',
  '本次就诊费用超过限额',
  '医师无权限开具该药品',
  '采集时间与申请时间不一致',
  '诊断与药品不匹配',
  '检验项目为空',
  '库存不足,申请数量超过 5',
  'Unsupported event code',
  'value too large for column PID_NAME',
  'Unknown key identifier',
  'collection time must not be before the order',
  'patient not found',
  '给药频次超出上限',
  '氧流量超过 10',
  '标本送检超时',
  'The request was made out of the time window',
  'Resource busy: the room is taken',
  'Error in trigger event',
  '记录被其他用户锁定',
  '医嘱执行锁定',
  '业务执行过程中发生异常',
  'infusion rate exceeded',
  'Procedure P123 does not exist for this order',
  '医嘱执行时间过长',
  '医保药品配额已用完',
])('what is the message’s own or the patient’s names nothing: %s', (text) => {
  expect(causeOf(text)).toBeNull()
})

test('codes that are words', () => {
  expect(wordedInCode('DRUG_NOT_FOUND')).toBe('code')
  expect(wordedInCode('code-invalid')).toBe('code')
  expect(wordedInCode('TokenExpired')).toBe('auth')
  expect(wordedInCode('too-long')).toBe('large')
  expect(wordedInCode('ORDER_UNKNOWN')).toBeNull()
  expect(wordedInCode('207')).toBeNull()
})
