import { LedgerError } from "@wanlian/model/errors.js";
import { officerBehind } from "@wanlian/model/identity/creator.js";
import { canonicalPem } from "@wanlian/model/identity/pem.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { expect } from "chai";
import fc from "fast-check";
import { Departments } from "../chaincode/channel.js";

/** Whom a creator makes act; undefined where it is nobody. Anything else than a refusal by the rules is a failure. */
function officerIn(creator: Uint8Array): unknown {
  try {
    return officerBehind(creator);
  } catch (error) {
    if (error instanceof LedgerError && error.code === "NOT_A_CLIENT") return undefined;
    throw error;
  }
}

describe("a creator", () => {
  const departments = new Departments();
  let user: string;
  let steward: string;
  const creatorOf = (pem: string) => SerializedIdentity.encode({ mspid: "CivilMSP", idBytes: Buffer.from(pem) });

  before(async () => {
    const issued = async (role: "user" | "steward", name: string) => {
      const identity = await departments.issue("CivilMSP", [role], "client", name);
      return Buffer.from(SerializedIdentity.decode(identity.creator).idBytes).toString("latin1");
    };
    user = await issued("user", "410002");
    steward = await issued("steward", "410001");
  });

  it("is the officer whose one certificate it is", () => {
    expect(officerIn(creatorOf(user))).to.deep.include({ department: "CivilMSP", officer: "410002", roles: ["user"] });
    expect(officerIn(creatorOf(steward))).to.deep.include({ officer: "410001", roles: ["steward"] });
  });

  const lines = (pem: string) => pem.trim().split("\n").slice(1, -1).join("");
  const wrapped = (base64: string, width: number) =>
    `-----BEGIN CERTIFICATE-----\n${base64.match(new RegExp(`.{1,${width}}`, "g"))?.join("\n")}\n-----END CERTIFICATE-----\n`;
  const spellings: Readonly<Record<string, (user: string, steward: string) => string>> = {
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

  for (const [spelling, spell] of Object.entries(spellings)) {
    it(`is nobody with ${spelling}`, () => {
      expect(officerIn(creatorOf(spell(user, steward)))).to.equal(undefined);
    });
  }

  it("is nobody in another spelling of its message", () => {
    const honest = creatorOf(user);
    const [mspid, idBytes] = [Buffer.from("CivilMSP"), Buffer.from(user)];
    const field = (tag: number, content: Uint8Array, length = varint(content.length)) =>
      Buffer.concat([Buffer.of(tag), length, content]);
    expect(Buffer.concat([field(10, mspid), field(18, idBytes)])).to.deep.equal(Buffer.from(honest));
    const others = {
      "fields the other way round": [field(18, idBytes), field(10, mspid)],
      "a department before it": [field(10, Buffer.from("PoliceMSP")), field(10, mspid), field(18, idBytes)],
      "a department behind it": [field(10, mspid), field(18, idBytes), field(10, Buffer.from("PoliceMSP"))],
      "another certificate before it": [field(10, mspid), field(18, Buffer.from(steward)), field(18, idBytes)],
      "a field more": [field(10, mspid), field(18, idBytes), field(26, Buffer.of(1))],
      "no department": [field(18, idBytes)],
      "no certificate": [field(10, mspid)],
      "a length in more bytes": [field(10, mspid, Buffer.of(0x88, 0)), field(18, idBytes)],
      "a length beyond its end": [field(10, mspid), Buffer.of(18, 0xff, 0xff, 0x7f), idBytes],
    };
    for (const [name, parts] of Object.entries(others)) {
      expect(officerIn(Buffer.concat(parts)), name).to.equal(undefined);
    }
  });

  it("never becomes another officer, whatever is changed of its bytes", () => {
    const honest = Buffer.from(creatorOf(user));
    const change = fc.record({
      at: fc.nat(honest.length),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.constant(Buffer.from(steward)),
        fc.constant(Buffer.from("\n")),
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const altered = changes.reduce(
          (bytes, { at, remove, insert }) =>
            Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(Math.min(bytes.length, at + remove))]),
          honest,
        );
        const found = officerIn(altered) as { readonly officer: string } | undefined;
        if (altered.equals(honest)) expect(found?.officer).to.equal("410002");
        else expect(found?.officer ?? "nobody").not.to.equal("410001");
      }),
      { numRuns: 2_000 },
    );
  });
});

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
