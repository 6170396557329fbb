import { canonicalPem } from "@wanlian/model/identity/pem.js";

/**
 * Creators in other bytes than the one form that they have. Whoever signs a transaction chooses them; a reader that takes
 * one of them for somebody and another reader for somebody else would let an officer act as any.
 */

const lines = (pem: string) => pem.trim().split("\n").slice(1, -1).join("");
const wrapped = (base64: string, width: number) =>
  `-----BEGIN CERTIFICATE-----\n${base64.match(new RegExp(`.{1,${width}}`, "g"))?.join("\n")}\n-----END CERTIFICATE-----\n`;
/** The PEM of a user's certificate in other spellings; what stands in some of them is another officer's, a steward's. */
export const SPELLINGS: Readonly<Record<string, (user: string, steward: string) => string>> = {
  "a certificate behind a mark, and the real one behind it": (u, s) => `#${s}${u}`,
  "text before the block": (u) => `officer\n${u}`,
  "a blank line before the block": (u) => `\n${u}`,
  "another block before it": (u, s) => s + u,
  "another block behind it": (u, s) => u + s,
  "text behind the block": (u) => `${u}#`,
  "a newline more": (u) => `${u}\n`,
  "a newline less": (u) => u.trimEnd(),
  CRLF: (u) => u.replaceAll("\n", "\r\n"),
  "a header in the block": (u) => u.replace("-----\n", "-----\nProc-Type: 4\n\n"),
  "another label": (u) => u.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE"),
  "a label in small letters": (u) => u.replaceAll("CERTIFICATE", "certificate"),
  "longer lines": (u) => wrapped(lines(u), 76),
  "one line": (u) => wrapped(lines(u), 100_000),
  "spaces in the base64": (u) => u.replace("\n", "\n "),
  "another end than beginning": (u) => u.replace("END CERTIFICATE", "END X509 CERTIFICATE"),
  "base64 of the web": (u) =>
    `${u
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replace(/^-+BEGIN/, "-----BEGIN")} `,
  "bits left over in the last character": (u) => withLooseBits(u),
  "bytes behind the certificate": (u) => canonicalPem(Buffer.concat([Buffer.from(lines(u), "base64"), Buffer.of(0)])),
  "two certificates in one block": (u, s) =>
    canonicalPem(Buffer.concat([Buffer.from(lines(s), "base64"), Buffer.from(lines(u), "base64")])),
  "a length that is not minimal": (u) => {
    const der = Buffer.from(lines(u), "base64");
    return canonicalPem(Buffer.concat([Buffer.of(0x30, 0x83, 0), der.subarray(2)]));
  },
  "a length without end": (u) => {
    const der = Buffer.from(lines(u), "base64");
    return canonicalPem(Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(4), Buffer.of(0, 0)]));
  },
  nothing: () => "",
};

const field = (tag: number, content: Uint8Array, length = varint(content.length)) =>
  Buffer.concat([Buffer.of(tag), length, content]);
const MSP_ID = 10;
const ID_BYTES = 18;

/** The one form of an identity's message: department, then certificate. */
export const messageOf = (mspId: string, pem: string): Uint8Array =>
  Buffer.concat([field(MSP_ID, Buffer.from(mspId)), field(ID_BYTES, Buffer.from(pem))]);

/** The same identity in other spellings of its message; `other` is another officer's certificate. */
export function messages(mspId: string, pem: string, other: string): Readonly<Record<string, Uint8Array>> {
  const [mspid, idBytes] = [Buffer.from(mspId), Buffer.from(pem)];
  const police = field(MSP_ID, Buffer.from("PoliceMSP"));
  const own = [field(MSP_ID, mspid), field(ID_BYTES, idBytes)] as const;
  const longer = Buffer.of((mspid.length & 0x7f) | 0x80, 0);
  const forms: Readonly<Record<string, readonly Uint8Array[]>> = {
    "fields the other way round": [own[1], own[0]],
    "a department before it": [police, ...own],
    "a department behind it": [...own, police],
    "another certificate before it": [own[0], field(ID_BYTES, Buffer.from(other)), own[1]],
    "another certificate behind it": [...own, field(ID_BYTES, Buffer.from(other))],
    "a field more": [...own, field(26, Buffer.of(1))],
    "no department": [own[1]],
    "no certificate": [own[0]],
    "a length in more bytes": [field(MSP_ID, mspid, longer), own[1]],
    "a length beyond its end": [own[0], Buffer.of(ID_BYTES, 0xff, 0xff, 0x7f), idBytes],
  };
  return Object.fromEntries(Object.entries(forms).map(([name, parts]) => [name, Buffer.concat(parts)]));
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** The same bytes by a lenient decoder: base64 ends with bits that stand for nothing. */
function withLooseBits(pem: string): string {
  const at = pem.indexOf("=");
  if (at === -1) return `${pem}#`; // a length that leaves no bits over
  const loose: Readonly<Record<string, string>> = { A: "B", Q: "R", g: "h", w: "x" };
  const last = pem.charAt(at - 1);
  const other = loose[last] ?? String.fromCharCode(last.charCodeAt(0) + 1);
  return pem.slice(0, at - 1) + other + pem.slice(at);
}
