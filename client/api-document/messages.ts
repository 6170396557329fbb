import type { LedgerErrorCode } from "@wanlian/model/errors.js";
import type { Words } from "@wanlian/protocol/language.js";
import type { ApiErrorCode, ExchangeErrorCode, NodeErrorCode, QualityErrorCode } from "../core/index.js";
import type { KeyErrorCode } from "../keys/index.js";

/** Every code that an answer can carry. */
export type Code = LedgerErrorCode | NodeErrorCode | KeyErrorCode | ExchangeErrorCode | QualityErrorCode | ApiErrorCode;

export interface Message extends Words {
  /** The HTTP status it comes with. */
  readonly status: number;
}

/** What each code means and what to do, in both languages: for problem documents, the page and the command line. */
export const messages: Readonly<Record<Code, Message>> = {
  // the contracts': the input
  INVALID_INPUT: { status: 422, zh: "内容不符合规定格式", en: "The content is not as the rules want it" },
  TOO_LARGE: { status: 422, zh: "内容过大，账本不予记录", en: "Too large for the ledger to keep" },
  UNKNOWN_COMMAND: { status: 404, zh: "没有这种操作", en: "There is no such action" },
  WRONG_BASIS: { status: 409, zh: "所依据的事项与规则要求不符", en: "The basis is not what the rules demand" },
  // the author
  NOT_A_CLIENT: { status: 403, zh: "证书不是经办人证书", en: "The certificate is not an officer's" },
  NOT_A_MEMBER: { status: 403, zh: "本部门目前不是联盟成员", en: "The department is not an active member" },
  NOT_PERMITTED: { status: 403, zh: "您的角色或部门无权进行此操作", en: "Your role or department may not do this" },
  NOT_OWNER: { status: 403, zh: "该事项属于其他部门", en: "This belongs to another department" },
  CERTIFICATE_EXPIRED: {
    status: 403,
    zh: "证书已过期，请向本部门申请新证书",
    en: "The certificate has expired; ask for a new one",
  },
  // the case
  NOT_FOUND: { status: 404, zh: "账本上没有该事项", en: "The ledger has no such case" },
  ALREADY_EXISTS: { status: 409, zh: "该事项已存在", en: "It exists already" },
  WRONG_STATE: { status: 409, zh: "该事项当前状态不允许此操作", en: "Not possible in the state the case is in" },
  UNCHANGED: { status: 409, zh: "没有任何变化，不予记录", en: "Nothing would change" },
  LIMIT_REACHED: { status: 409, zh: "已达到数量上限", en: "A limit is reached" },
  MISMATCH: { status: 422, zh: "内容与账本上的记录不一致", en: "It does not agree with what is on the ledger" },
  // the rules
  NO_LEGAL_BASIS: { status: 422, zh: "缺少法律或政策依据", en: "The legal or policy basis is missing" },
  NOT_SHARED: { status: 409, zh: "该数据不予共享", en: "The dataset is not shared" },
  OUT_OF_SCOPE: { status: 422, zh: "超出授权或委托的范围", en: "Outside the scope of the grant or mandate" },
  TOO_EARLY: { status: 409, zh: "尚未到可以操作的时间", en: "Not before its time" },
  TOO_LATE: { status: 409, zh: "已超过期限", en: "The time for it has passed" },
  NOT_REPORTED: { status: 409, zh: "请先报告使用情况和应用效果", en: "Report use and effect first" },
  BAD_PROOF: { status: 422, zh: "证明不成立", en: "The proof does not hold" },
  BAD_SIGNATURE: { status: 422, zh: "签名不成立", en: "The signature does not hold" },
  LOG_SHRANK: { status: 409, zh: "日志检查点小于上次锚定的", en: "The log is smaller than when it was last anchored" },
  LOG_REWRITTEN: { status: 409, zh: "日志与上次锚定的不连续", en: "The log does not extend the one last anchored" },
  // time and order
  MOVED: {
    status: 409,
    zh: "在您操作期间情况已变化，请查看后再决定",
    en: "Things moved meanwhile; look again and decide",
  },
  NOT_YET: {
    status: 503,
    zh: "其他节点尚未同步到所依据的记录，请稍后重试",
    en: "Other nodes do not have the basis yet; try again",
  },
  VOID_BASIS: { status: 409, zh: "所依据的记录无效", en: "The basis is void" },
  STALE_CLOCK: {
    status: 503,
    zh: "账本时钟停滞，暂不能记录",
    en: "The ledger's clock stands still; nothing can be filed",
  },
  CLOCK_OFF: {
    status: 409,
    zh: "时间与其他部门的时钟相差过大",
    en: "The time is too far off the other departments' clocks",
  },
  // the contract
  UNKNOWN_MODEL: {
    status: 503,
    zh: "合约版本低于现行规则，请先升级合约",
    en: "The contract lacks the rules in force; upgrade it",
  },
  WRONG_GENESIS: {
    status: 409,
    zh: "初始政策与各部门配置不一致",
    en: "The first policy is not the one departments agreed on",
  },
  INTERNAL: { status: 500, zh: "合约内部错误", en: "The contract failed" },
  // the node's
  KEY_REUSED: { status: 422, zh: "此幂等键已用于另一项操作", en: "The idempotency key stands for another command" },
  NO_ENDORSEMENT: { status: 503, zh: "背书部门数量不足，未提交", en: "Too few departments endorse; nothing was sent" },
  ENDORSEMENT_FORGED: {
    status: 502,
    zh: "收到伪造的背书，未提交",
    en: "An endorsement is not genuine; nothing was sent",
  },
  LEDGER_UNAVAILABLE: {
    status: 503,
    zh: "账本网络无法连接，未提交",
    en: "The ledger cannot be reached; nothing was sent",
  },
  REFUSED_BY_ORDERER: { status: 502, zh: "排序服务拒绝，未记入账本", en: "The orderer refuses it; nothing counts" },
  CONFLICT: { status: 409, zh: "他人的操作一再先行记入，本次未生效", en: "Others kept coming first; nothing counts" },
  INVALID: {
    status: 409,
    zh: "已上链但验证未通过，不生效",
    en: "On the ledger, but refused by validation; nothing counts",
  },
  VOID: { status: 409, zh: "已上链但不符合规则，不生效", en: "On the ledger, but against the rules; nothing counts" },
  FATE_OPEN: {
    status: 504,
    zh: "已提交，结果未定：请用同一幂等键再次查询",
    en: "Sent, outcome open: ask again with the same key",
  },
  CLOCK_STALE: {
    status: 503,
    zh: "账本时钟停滞，暂不提供服务",
    en: "The ledger's clock stands still; no service meanwhile",
  },
  NOT_READY: { status: 503, zh: "节点尚未就绪，请稍后重试", en: "The node is not ready yet; try again" },
  STORE_FAILED: { status: 503, zh: "节点无法写入磁盘或数据库", en: "The node cannot write to its disk or database" },
  CONFIGURATION: { status: 500, zh: "节点自身配置有误", en: "The node's own configuration is wrong" },
  // officers' keys
  UNKNOWN_OFFICER: { status: 404, zh: "本节点没有登记该经办人", en: "Nobody of that number is enrolled at this node" },
  WRONG_PASSPHRASE: { status: 401, zh: "经办人编号或口令错误", en: "Officer number or passphrase is wrong" },
  WEAK_PASSPHRASE: { status: 422, zh: "口令长度须为 12 至 256 个字符", en: "A passphrase has 12 to 256 characters" },
  DAMAGED_KEY: { status: 409, zh: "密钥或证书文件已损坏", en: "The key or certificate file is damaged" },
  UNSUPPORTED_KEY: { status: 422, zh: "不支持的密钥或加密方式", en: "A kind of key or encryption that is not read" },
  KEY_MISMATCH: {
    status: 409,
    zh: "密钥、证书与经办人不相符",
    en: "Key, certificate and officer do not belong together",
  },
  CERTIFICATE_NOT_VALID: { status: 403, zh: "证书尚未生效或已过期", en: "The certificate is not valid today" },
  LOCKED_OUT: { status: 429, zh: "失败次数过多，请稍后再试", en: "Too many failures; wait and try again" },
  // sources and transfers
  WRONG_DEPARTMENT: {
    status: 403,
    zh: "请求与连接所属部门不符",
    en: "Not of the department whose connection it came over",
  },
  BAD_ANSWER: {
    status: 502,
    zh: "对方节点的应答与其记录不符",
    en: "The other node's answer is not what its record says",
  },
  REFUSED: { status: 403, zh: "提供部门拒绝访问，原因见调用记录", en: "The provider refuses; the record says why" },
  BROKEN_OFF: { status: 502, zh: "数据传输中断", en: "The transfer broke off" },
  UNREACHABLE: { status: 503, zh: "对方部门节点无法连接", en: "The other department's node cannot be reached" },
  SOURCE_MALFORMED: { status: 422, zh: "数据来源格式不符", en: "The source is not in the form it should have" },
  SOURCE_TOO_LARGE: { status: 422, zh: "数据来源超过限制", en: "The source is beyond the limits" },
  SOURCE_MISSING: { status: 503, zh: "数据来源无法读取", en: "The source cannot be read" },
  SOURCE_CHANGED: { status: 409, zh: "读取期间数据来源已变化", en: "The source changed while it was read" },
  SOURCE_DIFFERS: {
    status: 409,
    zh: "数据来源与登记的批次不符；请登记新批次",
    en: "The source is not what the release registered: register a new release",
  },
  SOURCE_SLOW: { status: 504, zh: "数据来源未及时响应", en: "The source did not answer in time" },
  FIELD_UNKNOWN: { status: 422, zh: "数据来源没有该字段", en: "The source has no such field" },
  // checks of data
  RULES_MALFORMED: {
    status: 422,
    zh: "质量规则不符合格式；请按所指位置改正",
    en: "The rules are not as the schema has it",
  },
  RULES_DO_NOT_FIT: {
    status: 422,
    zh: "质量规则与数据表不符；请核对字段和表名",
    en: "The rules do not fit the table; check its columns",
  },
  QUERY_REFUSED: {
    status: 422,
    zh: "自定义查询只能读取所给数据表；请改写",
    en: "Own SQL may read the given table and nothing else",
  },
  CHECK_TOO_LARGE: {
    status: 422,
    zh: "检查所需内存或磁盘超过限制；请减少规则或数据",
    en: "The check needs more memory or disk than it may take",
  },
  CHECK_CANCELLED: { status: 409, zh: "检查已取消，没有结果", en: "The check was cancelled; there is no result" },
  // the API's own
  BAD_REQUEST: { status: 400, zh: "请求不符合接口文档", en: "The request is not as the document has it" },
  BODY_TOO_LARGE: { status: 413, zh: "请求内容过大", en: "The request is too large" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, zh: "请求内容须为 application/json", en: "Requests are application/json" },
  NO_SUCH_ROUTE: { status: 404, zh: "没有此地址", en: "There is nothing at this address" },
  METHOD_NOT_ALLOWED: { status: 405, zh: "此地址不支持该方法", en: "This address does not take that method" },
  NO_SUCH_CASE: { status: 404, zh: "账本上没有该事项", en: "The ledger has no such case" },
  NO_SUCH_ENTRY: { status: 404, zh: "没有该记录", en: "There is no such entry" },
  NOT_LOGGED_IN: { status: 401, zh: "请先登录", en: "Log in first" },
  CROSS_SITE: { status: 403, zh: "拒绝来自其他网站的请求", en: "Requests from other sites are refused" },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    zh: "提交须带 Idempotency-Key 请求头",
    en: "A filing needs the header Idempotency-Key",
  },
  ROLE_MISSING: { status: 403, zh: "您的证书没有所需角色", en: "Your certificate lacks the role for this" },
  NOT_A_DEMO: { status: 403, zh: "只有演示通道的时钟可以人工拨动", en: "Only a demo channel's clock is moved by hand" },
  FAULT: { status: 500, zh: "节点内部错误，已记入日志", en: "The node failed; the log has it" },
};

/** Whether a code is one of those that people are told of. */
export const isCode = (code: string): code is Code => Object.hasOwn(messages, code);
