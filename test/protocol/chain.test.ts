import type { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { Oid } from "@wanlian/protocol/identities/certificate-fields.js";
import { buildChains, CertificatePool } from "@wanlian/protocol/identities/chain.js";
import { expect } from "chai";

/** What of a certificate a chain is built by. */
interface Drawn {
  readonly subject: string;
  readonly issuer: string;
  /** By whose key it is signed; default: its issuer's. */
  readonly signedBy?: string;
  readonly key?: string;
  readonly version?: number;
  readonly constraints?: { readonly ca: boolean; readonly pathLength?: number } | undefined;
  readonly maySign?: boolean;
  readonly critical?: string;
  readonly usages?: readonly string[];
  readonly names?: string;
  readonly from?: number;
  readonly until?: number;
}

const BEGAN = Date.UTC(2026, 0, 1);
const SECOND = 1000;
const CA = { ca: true };
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const ANY_USAGE = "2.5.29.37.0";

function drawn(one: Drawn): Certificate {
  const { subject, issuer, key = subject, signedBy = issuer, version = 3, maySign = true } = one;
  const { from = BEGAN, until = BEGAN + 60 * SECOND } = one;
  const extension = (value: string, critical: boolean) => ({ critical, value: Buffer.from(value) });
  const certificate = {
    ...{ subject: Buffer.from(subject), issuer: Buffer.from(issuer), version },
    ...{ subjectPublicKeyInfo: Buffer.from(key), signedBy, maySignCertificates: maySign },
    ...{ notBefore: new Date(from), notAfter: new Date(until), extendedKeyUsages: one.usages },
    basicConstraints: "constraints" in one ? one.constraints : CA,
    isCa: one.constraints?.ca ?? !("constraints" in one),
    extensions: new Map([
      ...(one.critical === undefined ? [] : [[one.critical, extension("", true)] as const]),
      ...(one.names === undefined ? [] : [[Oid.SUBJECT_ALT_NAME, extension(one.names, false)] as const]),
    ]),
    equals: (other: unknown) => other === certificate,
    signed: (child: { readonly signedBy: string }) => child.signedBy === key,
  };
  return certificate as unknown as Certificate;
}

const LEAF: Drawn = { subject: "officer", issuer: "ca", constraints: undefined };
const ROOT: Drawn = { subject: "ca", issuer: "ca" };
const UPPER: Drawn = { subject: "root", issuer: "root" };
const MIDDLE: Drawn = { subject: "ca", issuer: "root" };

describe("a chain of certificates", () => {
  /** The lengths of the chains that are found. */
  function lengths(leaf: Drawn, roots: readonly Drawn[], intermediates: readonly Drawn[] = []): number[] {
    const pool = (all: readonly Drawn[]) => new CertificatePool(all.map(drawn));
    return buildChains(drawn(leaf), { roots: pool(roots), intermediates: pool(intermediates) }).map(
      ({ length }) => length,
    );
  }
  const many = (count: number): Drawn[] =>
    Array.from({ length: count }, (_, at) => ({ ...ROOT, key: `another ${at}`, names: String(at) }));

  const table: [title: string, leaf: Drawn, roots: Drawn[], intermediates: Drawn[], found: number[]][] = [
    ["goes to the root that signed", LEAF, [ROOT], [], [2]],
    ["goes to no root of another name", LEAF, [{ ...ROOT, subject: "other" }], [], []],
    ["goes to no root of the name that did not sign", LEAF, [{ ...ROOT, key: "another" }], [], []],
    ["goes over a department's own authority", LEAF, [UPPER], [MIDDLE], [3]],
    ["ends nowhere without a root", LEAF, [], [MIDDLE], []],
    ["goes over no certificate that is no authority", LEAF, [UPPER], [{ ...MIDDLE, constraints: { ca: false } }], []],
    ["goes over none that does not say it is one", LEAF, [UPPER], [{ ...MIDDLE, constraints: undefined }], []],
    [
      "goes over none of an older version that does not say it is one",
      LEAF,
      [UPPER],
      [{ ...MIDDLE, version: 1, constraints: undefined }],
      [],
    ],
    ["goes to a root of an older version", LEAF, [{ ...ROOT, version: 1, constraints: undefined }], [], [2]],
    ["goes to no root that says it is no authority", LEAF, [{ ...ROOT, constraints: { ca: false } }], [], []],
    ["goes over none that may not sign certificates", LEAF, [UPPER], [{ ...MIDDLE, maySign: false }], []],
    ["is as long as its root allows", LEAF, [{ ...UPPER, constraints: { ca: true, pathLength: 1 } }], [MIDDLE], [3]],
    ["is no longer than that", LEAF, [{ ...UPPER, constraints: { ca: true, pathLength: 0 } }], [MIDDLE], []],
    [
      "is as long as the authority over it allows",
      LEAF,
      [{ ...ROOT, constraints: { ca: true, pathLength: 0 } }],
      [],
      [2],
    ],
    ["holds no critical extension that nobody knows", LEAF, [{ ...ROOT, critical: "1.2.3" }], [], []],
    ["begins with none that has one", { ...LEAF, critical: "1.2.3" }, [ROOT], [], []],
    ["may hold a critical one that is known", { ...LEAF, critical: Oid.KEY_USAGE }, [ROOT], [], [2]],
    ["is judged a second after its certificate began: until then", LEAF, [{ ...ROOT, until: BEGAN + SECOND }], [], [2]],
    ["is none where the root had ended by then", LEAF, [{ ...ROOT, until: BEGAN + SECOND - 1 }], [], []],
    ["may begin just then", LEAF, [{ ...ROOT, from: BEGAN + SECOND }], [], [2]],
    ["is none where the root begins later", LEAF, [{ ...ROOT, from: BEGAN + SECOND + 1 }], [], []],
    ["is none of a certificate that had ended by then", { ...LEAF, until: BEGAN + SECOND - 1 }, [ROOT], [], []],
    ["holds nobody twice, a root neither", ROOT, [ROOT], [], []],
    ["holds nobody twice", { ...LEAF, subject: "ca", constraints: CA }, [], [ROOT], []],
    ["may hold one name twice, with two keys", { ...LEAF, subject: "ca", key: "older" }, [ROOT], [], [2]],
    ["may hold one name and key twice, for other names", { ...LEAF, subject: "ca", names: "a" }, [ROOT], [], [2]],
    ["serves where it may serve", { ...LEAF, usages: [CLIENT_AUTH, SERVER_AUTH] }, [ROOT], [], [2]],
    ["serves where it may do anything", { ...LEAF, usages: [ANY_USAGE] }, [ROOT], [], [2]],
    ["serves where nothing is said", { ...LEAF, usages: [] }, [ROOT], [], [2]],
    ["does not where only other uses are said", { ...LEAF, usages: [CLIENT_AUTH] }, [ROOT], [], []],
    ["does not where its root may not", LEAF, [{ ...ROOT, usages: [CLIENT_AUTH] }], [], []],
    ["is looked for among a hundred that could have signed", LEAF, [...many(99), ROOT], [], [2]],
    ["and among no more: Go's limit", LEAF, [...many(100), ROOT], [], []],
  ];
  for (const [title, leaf, roots, intermediates, found] of table) {
    it(title, () => expect(lengths(leaf, roots, intermediates)).to.deep.equal(found));
  }

  it("of a root is the root alone where it is the very one", () => {
    const root = drawn(ROOT);
    const anchors = { roots: new CertificatePool([root]), intermediates: new CertificatePool([]) };
    expect(buildChains(root, anchors)).to.deep.equal([[root]]);
  });
});
