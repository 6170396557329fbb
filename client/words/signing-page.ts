import type { Words } from "@wanlian/protocol/language.js";

/** What the signing page says, and what a node's page says of it. */
export const SIGNING_PAGE = {
  "signer.title": { zh: "签名页", en: "Signing page" },
  "signer.what": {
    zh: "密钥只在本页；节点页面要签名时，内容在这里显示，由您决定。本页不连接任何网络地址",
    en: "Your key is in this page alone. What a node's page wants signed is shown here, and you decide. This page connects to no address",
  },
  "signer.node": { zh: "部门节点", en: "Your department's node" },
  "signer.address": { zh: "节点页面地址", en: "Address of the node's page" },
  "signer.open": { zh: "打开节点页面", en: "Open the node's page" },
  "signer.address.wrong": {
    zh: "不是网页地址；请填写如 https://node.example/ 的地址",
    en: "That is no address of a page; write one like https://node.example/",
  },
  "signer.blocked": {
    zh: "浏览器拦下了新窗口；请允许本页打开窗口后重试",
    en: "The browser kept the window back; allow this page to open windows, and try again",
  },
  "signer.first": {
    zh: "先从这里打开本部门节点的页面：证书是给那里的账本的",
    en: "Open your node's page from here first: a certificate is for the ledger there",
  },
  "signer.ledger": { zh: "所属账本", en: "For the ledger" },
  "signer.ledgerOf": {
    zh: "{{department}}，通道 {{channel}}，合约 {{chaincode}}",
    en: "{{department}}, channel {{channel}}, contracts {{chaincode}}",
  },
  "signer.asked": { zh: "请核对后决定是否签名", en: "Read, and decide whether to sign" },
  "signer.asked.none": { zh: "没有待签名的内容", en: "Nothing waits to be signed" },
  "signer.from": { zh: "来自 {{origin}}", en: "Asked by {{origin}}" },
  "signer.access": { zh: "索取数据", en: "Ask for data" },
  "signer.newCase": { zh: "新事项", en: "a new case" },
  "signer.sign": { zh: "同意并签名", en: "Sign this" },
  "signer.decline": { zh: "不签名", en: "Do not sign" },
  "signer.signed": { zh: "本次打开后签过的", en: "What was signed since this page was opened" },
  "signer.opened": {
    zh: "本页由签名页打开：密钥在签名页中，要签名的内容在那里核对",
    en: "The signing page opened this page: the key is there, and what is to be signed is read there",
  },
  "signer.waits": {
    zh: "请到签名页核对内容并签名",
    en: "Go to the signing page: read there what will be signed, and sign it",
  },
  "signer.where": {
    zh: "密钥也可以放在签名页中：它只有一个文件，可存到本机打开，或从其他部门的节点打开；节点页面即使被改动也碰不到密钥",
    en: "A key can be kept in the signing page as well: one file, opened from your own disk or from another department's node. An altered page of the node cannot reach a key there",
  },
  "signer.get": { zh: "保存签名页到本机", en: "Save the signing page on this machine" },
  "logIn.withSigner": { zh: "用签名页中的密钥登录", en: "Log in with the key in the signing page" },
  "logIn.where.elsewhere": {
    zh: "密钥在签名页中，节点和本页都没有",
    en: "The key is in the signing page; neither the node nor this page has it",
  },
} as const satisfies Readonly<Record<string, Words>>;
