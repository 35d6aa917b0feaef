import { hash } from 'node:crypto'

/** What a database or an application server says of itself in words that are its own, whoever's message it refuses. */
export type WordedCause = 'pool' | 'lock' | 'trigger'
/** What a receiver says of a message or its sender in the words that everybody uses: its clock, its credential, how often it comes, its size, a code; or of its own work, that it takes too long. */
export type WordedRefusal = 'clock' | 'auth' | 'rate' | 'large' | 'code' | 'slow'
export type Worded = WordedCause | WordedRefusal

/**
 * What may leave of an error's text: twelve hexadecimal digits of SHA-256 over its wording, lower case, blanks joined, every run of digits as one mark.
 * Texts differ by the patient's numbers and names; their wording tells which error it is. What names its cause has the name before it (`pool-`). Null for no
 * text.
 */
export function wordingDigest(text: string | null): string | null {
  if (text === null || text.trim() === '') return null
  const lower = text.slice(0, charsMax).toLowerCase()
  const wording = lower
    .replace(/\p{N}+/gu, '#')
    .replace(/\s+/g, ' ')
    .trim()
  return namedFor(lower, hash('sha256', wording, 'hex').slice(0, 12))
}

/** The digest of a text (in lower case), after the name of the cause that its words name. */
export function namedFor(lower: string, digest: string): string {
  const named = namedIn(lower)
  return named === null ? digest : `${named}-${digest}`
}

/** What the wording named, or null. */
export function wordedOf(digest: string): Worded | null {
  const dash = digest.indexOf('-')
  return dash < 0 ? null : (worded.find(([name]) => digest.startsWith(name) && name.length === dash)?.[0] ?? null)
}

/** What a code that is a word names (`DRUG_NOT_FOUND`, `TokenExpired`, `too-long`), or null. Codes are few, and read again and again. */
export function wordedInCode(code: string): Worded | null {
  if (code.length < codeCharsMin || code.length > codeCharsMax) return null
  const known = codes.get(code)
  if (known !== undefined) return known
  const lower = code
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_.-]+/g, ' ')
    .toLowerCase()
  const named = namedIn(lower)
  if (codes.size < codesMax) codes.set(code, named)
  return named
}

const codeCharsMin = 6
const codeCharsMax = 48
const codes = new Map<string, Worded | null>()
const codesMax = 500

function namedIn(lower: string): Worded | null {
  return worded.find(([, words]) => words.test(lower))?.[0] ?? null
}

/**
 * First what databases and pools say of themselves (Oracle, MySQL, SQL Server, PostgreSQL, DB2, Caché, 达梦, 金仓; HikariCP, Druid, DBCP, c3p0, Tomcat, WebLogic, ADO.NET), then what receivers say in the words of HTTP, OAuth (RFC 6750),
 * FHIR's issue types, the insurance platform and Chinese vendors. Numbers alone tell nothing: a patient may have them. What may be a patient's or a doctor's own is left
 * out: an electronic voucher that ran out, a doctor who has no right to a drug.
 */
const worded: readonly (readonly [Worded, RegExp])[] = [
  [
    'pool',
    anyOf(
      /hikaripool|ora-(?:00018|00020|02391|12516|12518|12519|12520|24418|24459)\b|max_user_connections|max_client_conn|queuepool limit/,
      /getconnectiontimeout|connection(?:acquire|wait)timeout|pool(?:exhausted|limit)|(?:connection|thread) ?pool is (?:full|exhausted)|rejectedexecution/,
      /too many (?:\w+ )?(?:connections|clients|sessions)|connection slots|no more connections|maximum number of (?:\w+ )?(?:connections|sessions|threads|processes)\b/,
      /\bpool (?:is |was |has been )?(?:\w+ )?(?:exhausted|empty|full|depleted|saturated)\b|\bpool (?:error|size) (?:was )?(?:timeout|reached)|max pool size|(?:connection|thread)s? pool exhausted/,
      /(?:connection|object|resource|thread|session)s?\b.{0,40}\b(?:from|in) (?:the |a )?(?:\w+ ){0,2}pool\b|waiting for (?:an? )?(?:(?:idle|free|available) )?(?:connection|object|thread|session)\b/,
      /(?:obtain|acquir|get|fetch|check ?out|borrow)\w* (?:an? |the )?(?:\w+ )?connection\b.{0,60}(?:time[ds]?[ -]?out|pool|none available)|(?:pooled )?connection request timed out/,
      /all (?:\w+ )?(?:connections|threads|workers)\b.{0,40}\b(?:in use|busy)|no (?:free|available|idle) (?:\w+ )?(?:connections?|threads?|sessions?)\b|(?:connections?|sessions?|threads?) limit (?:exceeded|reached)/,
      /连接池|线程池|(?:连接|会话|线程|进程)(?:总)?数\S{0,8}(?:已满|超|达到|已达|最大|上限|用尽|耗尽|过多|不足)|(?:超过|超出|超|达到)\S{0,8}(?:连接|会话|线程|进程)数|太多的?(?:连接|客户端?|会话)|连接槽|(?:连接|会话|线程)过多/,
      /(?:没有|无|暂无|未有)(?:可用|空闲)\S{0,6}(?:连接|线程|会话)|(?:获取|取得|申请|等待)\S{0,8}(?:连接|线程)\S{0,4}(?:超时|排队)|连接(?:资源)?已?(?:耗尽|用尽|用完|占满)/,
      /(?:get|obtain) (?:a )?(?:jdbc|managed) connection|no managed connections|ij000(?:453|655)|j2ca0045e|thread ?pool (?:queue )?(?:is full|has no)|max(?:imum)? (?:sessions|connections|threads) reached/,
      /(?:线程|连接|会话)(?:资源)?已?(?:满|耗尽|用尽|不足|不够)|(?:获取不到|无法获取|取不到)\S{0,8}(?:连接|线程)/,
    ),
  ],
  [
    'lock',
    anyOf(
      /ora-(?:00054|00060|00104|02049|04020|04021|30006)\b|\b(?:40p01|55p03)\b|\bsql(?:state)?\W{0,3}40001\b|sql091[13]n|sqlcode\W{0,4}-(?:91[13]|110|114)\b|\[-64(?:03|07)\]/,
      /deadlock|\block(?:ing)?\W(?:wait |request |acquisition )?time ?out|lock(?:wait|acquisition)?timeout|could not obtain lock|could not serialize access|pessimisticlock|lockacquisition|locking conflict/,
      /(?:acquire|obtain|get) (?:an? |the )?(?:\w+ )?lock\b|waiting (?:for|to) (?:an? |the )?(?:\w+ )?lock\b|(?:table|database) is locked/,
      /死锁|锁等待|锁超时|等锁|锁表|锁冲突|锁请求|锁定超时|(?:获取|申请|加)\S{0,4}锁\S{0,2}(?:超时|失败)|表[\S ]{0,24}被锁|资源正忙.{0,12}nowait/,
      /(?<!执)行锁|(?:事务|会话)被?阻塞|阻塞会话|等待\S{0,2}锁|被(?:其他|其它|另一)\S{0,2}(?:会话|事务|进程)\S{0,2}(?:锁定|占用)/,
    ),
  ],
  [
    'trigger',
    anyOf(
      /ora-0(?:4088|4098|4091|4092|4061|4063|4065|4068)\b|stored (?:procedure|function)|pl\/(?:pg)?sql function|触发器|存储过程/,
      /(?:execution of|executing|during|in|by|from|raised|fired) (?:an? |the )?(?:\w+ )?trigger\b(?! event)|trigger (?:function|execution|failed)/,
      /triggered action|\btrigger max|ora-0(?:6508|6512|6550)\b|\bpls-\d{5}\b|procedure [\w$]+\.[\w$]+ does not exist|execut\w* procedure\b|执行过程(?!中)|过程或函数/,
    ),
  ],
  [
    'clock',
    anyOf(
      /used before issued|not (?:yet valid|valid yet|active yet)|\b(?:iat|nbf)\b|clock skew|too ?skewed/,
      /time ?stamp (?:is )?(?:expired|invalid|too old|out of range|in the future)|stale time ?stamp/,
      /\bmessage ?expired|(?:message|request|security header) (?:has )?expired|(?:created|issued|not ?before) (?:\w+ ){0,3}in the future/,
      /(?:请求|报文|调用)(?:时间|日期)\S{0,10}(?:超出|不在|早于|晚于|相差|偏差|误差|不一致|不符)|(?:请求|报文)已(?:过期|失效)|(?:时间|时钟)(?:偏差|误差|偏移)(?:过大|超)/,
      /时间戳\S{0,6}(?:过期|超时|无效|错误|偏差|不合法|失效|超出)|(?:系统|服务器|客户端|本机|终端)(?:时间|时钟)\S{0,8}(?:偏差|不一致|不同步|相差)/,
    ),
  ],
  [
    'auth',
    anyOf(
      /failed ?authentication|(?:not|n't) be authenticated|invalid ?security(?: ?token)?\b|security ?token ?unavailable|invalid[_ ](?:grant|client)\b|log ?in (?:incorrect|failed|required|first)|not logged (?:in|on)/,
      /(?:user|login|service) ?account (?:is |has been |was )?(?:locked|disabled|expired|suspended|revoked)|(?:账号|帐号|接口用户|系统用户|应用账户)\S{0,4}(?:锁定|停用|禁用|冻结|过期|失效|到期|未启用|未开通|不存在)/,
      /\bunauthori[sz]ed|not authori[sz]ed|authenticat\w* (?:failed|failure|required|error)|insufficient ?scope|access denied|ora-(?:01017|28000|28001)\b/,
      /(?:token|session|jwt|credentials?|(?:api|app|access) ?key|app ?secret|password|login)\b.{0,24}(?:expired|invalid|revoked|disabled|required|missing|mismatch|failed|wrong|incorrect|denied)/,
      /(?:expired|invalid|revoked|missing|bad|wrong|unknown) (?:\w+ )?(?:token|session|jwt|credentials?|(?:api|app|access) ?key|password)|signature (?:is )?(?:invalid|mismatch|verification failed|does not match)|invalid signature/,
      /重新签到|(?:签到流水号|sign_?no)\S{0,12}(?:失效|过期|无效|不存在|错误)|签到已?(?:失效|过期)|(?:操作员|机构|终端|设备)\S{0,8}未签到/,
      /(?:请|需|须)(?:先|重新|再次)*(?:登录|登陆|获取令牌|获取token|鉴权)|未(?:登录|登陆|鉴权)|(?:应用|系统|厂商|调用方|接入方|客户端|接口)\S{0,6}(?:未授权|未认证)|^(?:未授权|未认证)/,
      /(?:登录|登陆|会话|令牌|密钥|秘钥|密码|口令|凭据|授权码|接入码|接口授权|token|session|(?:app|access|api) ?(?:key|secret|id))[\S ]{0,8}(?:超时|过期|失效|停用|无效|禁用|吊销|到期|注销|错误|不正确)/,
      /(?:鉴权|验签|身份验证|身份校验|权限校验|接口认证|(?<!电子|医师|医生)签名)\S{0,6}(?:失败|错误|无效|不通过|未通过|不正确)|(?:无|没有|未开通)\S{0,4}(?:访问|接口|调用)\S{0,4}权限|接口\S{0,4}无权限|不在白名单|未在白名单/,
    ),
  ],
  [
    'rate',
    anyOf(
      /(?:调用|请求|访问)\S{0,4}(?:次数|数量|量)\S{0,6}(?:超|达|用完|用尽|上限)|(?<!药品)配额\S{0,4}(?:用完|用尽|耗尽|不足|超)|流控|限速|(?:daily|hourly|monthly|request|call|concurrency|api) (?:limit|quota) (?:was |has been |is )?(?:exceeded|reached)/,
      /too many (?:\w+ )?(?:requests|calls)|rate ?limit|(?:quota|(?:request|call|frequency) limit) (?:exceeded|reached)|exceed\w* (?:the )?(?:\w+ )?quota|throttl|flow ?(?:control|limit|exception)\b/,
      /(?:请求|访问|调用|操作)(?:过于|太|过)?频繁|限流|流控|限频|流量控制|(?:超过|超出|超|达到)\S{0,12}(?:并发|(?:调用|访问|请求)(?:频率|频次|次数|量)|(?<!氧)流量|qps|tps)/,
      /(?:超过|超出|达到)\S{0,4}(?<![药嘱])频[率次]|(?:并发|(?:接口|调用|访问|请求)(?:频率|频次|次数|量|配额)|qps|tps)\S{0,6}(?:超限|超过|超出|超标|上限|用完|用尽|已满)/,
      /(?:访问|请求|调用)(?:速度)?[过太]快|(?:调用|访问|请求)(?:频度|上限|超限)|并发\S{0,4}过多|^rate exceeded|rate of requests exceed|(?:calls?|requests?) limit|requests per (?:second|minute|hour|day)/,
    ),
  ],
  [
    'large',
    anyOf(
      /(?:entity|payload|content|message|request|record|body|file|packet|attachment|header) ?(?:is )?too ?(?:large|long|big)|max(?:imum)?[. ]?(?:received)?[. ]?(?:message|request)[. ]?(?:size|bytes)|^too (?:large|long)$|max_allowed_packet|(?:size|length) limit exceeded/,
      /(?:message|request|payload|body|packet|file|entity|attachment|content|upload) (?:size|length)\b.{0,24}(?:exceed|limit|maximum|larger|greater)|exceed\w*.{0,24}(?:message|request|payload|body|packet|upload|file|content) (?:size|length)/,
      /(?:报文|消息体|消息长度|消息大小|请求体|请求长度|请求大小|数据包|数据长度|入参|内容长度|包体|附件|文件|图片|影像)\S{0,8}(?:过大|过长|太大|超长|超大|超限|(?:超过|超出|大于)[\S ]{0,8}(?:上限|限制|限定|最大|\d))/,
    ),
  ],
  [
    'code',
    anyOf(
      /未对照|无对照|对照关系|未(?:做|建立|维护)\S{0,4}(?:对照|映射)|不在\S{0,8}(?:字典|目录|码表|值域|编码集|对照表)|(?:字典|码表|值域|对照表|(?:医保|药品|项目|诊疗|耗材|收费)目录)\S{0,6}(?:不存在|没有|未找到|未收录|查无|查不到|未匹配)/,
      /(?:编码|代码|药品|项目|诊断|科室|品种|耗材|术式)\S{0,16}(?:未找到|未维护|未登记|未收录|未定义|未注册)|(?:编码|代码)\S{0,16}(?:不存在|未匹配|无效|不识别|无法识别|非法)|(?:药品|项目|诊断|科室|品种|耗材)不存在|无法识别\S{0,10}(?:编码|代码)|(?:查无|没有|无)(?:此|该)\S{0,6}(?:编码|代码|药品|项目|目录)/,
      /code invalid|invalid code|table value not found|(?:unknown|unmapped|unrecogni[sz]ed) (?:(?!event|error|status|response|result|message)\w+ )?code\b|\bcode\b.{0,40}(?:not found|unmapped|not recogni[sz]ed|not in|does not exist)/,
      /(?:drug|item|medication|catalog(?:ue)?|dept|department|dictionary|diagnosis|procedure) (?:code )?(?:not found|unknown|unmapped|does not exist)|unknown (?:drug|item|medication|department|diagnosis)|not (?:found )?in (?:the )?(?:\w+ )?(?:value ?set|code ?system|dictionary|code table|catalog)/,
    ),
  ],
  [
    'slow',
    anyOf(
      /(?:upstream|gateway|backend|request|read|socket|query|operation|execution|processing|service|response|transaction|statement|command|call)\b.{0,24}\btime(?:d|s)?[ -]?out\b|\btime-?out (?:while|waiting|period|exceeded|expired)|deadline exceeded/,
      /(?:处理|请求|调用|查询|执行|响应|应答|读取|服务|接口|后端|操作|事务|写入|保存|转发|网关|规则引擎|等待)\S{0,6}超时/,
      /ora-01013\b|max(?:imum)? execution time|(?:响应|处理)时间过长/,
    ),
  ],
]

function anyOf(...some: readonly RegExp[]): RegExp {
  return new RegExp(some.map(({ source }) => source).join('|'))
}

const charsMax = 4_096
