import { createPrivateKey, sign } from "node:crypto";
import { canonicalPem } from "@wanlian/model/identity/pem.js";
import { ROLE_ATTRIBUTE } from "@wanlian/model/roles.js";
import { P256 } from "@wanlian/network/certificates/p256.js";
import { encodeDer, Tag } from "@wanlian/protocol/identities/der.js";
import { toLowS } from "@wanlian/protocol/identities/ecdsa.js";

/**
 * Certificates that a department's own authority can sign and no decent one would: whoever runs the department holds its
 * key. What one reader takes for one officer and another for another would let them act as whom they like.
 */
export interface OddCertificate {
  readonly what: string;
  /** PEM, in its one form. */
  readonly certificate: string;
}

/** The parts of what an authority signs (RFC 5280 §4.1), each a whole DER value. */
interface Parts {
  readonly version: Uint8Array;
  readonly serial: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Uint8Array;
  readonly subject: Uint8Array;
  readonly key: Uint8Array;
  readonly extensions: Uint8Array;
  /** Whatever else is put behind them. */
  readonly rest?: Uint8Array;
}

const SET = 0x31;
const UTF8 = 0x0c;
const OID = 0x06;
const CN = Buffer.from("0603550403", "hex");
const OU = Buffer.from("060355040b", "hex");
const ATTRIBUTES = Buffer.from("2a03040506070801", "hex");
const text = (value: string, tag = UTF8) => encodeDer(tag, Buffer.from(value));
const attribute = (type: Uint8Array, value: Uint8Array) => encodeDer(Tag.SEQUENCE, type, value);
const rdn = (...attributes: readonly Uint8Array[]) => encodeDer(SET, ...attributes);
const name = (...rdns: readonly Uint8Array[]) => encodeDer(Tag.SEQUENCE, ...rdns);
const CLIENT = rdn(attribute(OU, text("client")));
const numbered = (number: string, tag?: number) => rdn(attribute(CN, text(number, tag)));

/** One value, with its length in more octets than it takes, or without an end (BER, not DER). */
function loosely(value: Uint8Array, form: "longer" | "endless"): Uint8Array {
  const [tag = 0, first = 0] = value;
  const start = first < 0x80 ? 2 : 2 + (first & 0x7f);
  const content = value.subarray(start);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return form === "longer"
    ? Buffer.concat([Buffer.of(tag, 0x84), length, content])
    : Buffer.concat([Buffer.of(tag, 0x80), content, Buffer.of(0, 0)]);
}

function attributesOf(json: string): Uint8Array {
  return encodeDer(Tag.SEQUENCE, encodeDer(OID, ATTRIBUTES), encodeDer(0x04, Buffer.from(json)));
}

const rolesJson = (...roles: readonly string[]): string =>
  `{"attrs":{${roles.map((role) => `"${ROLE_ATTRIBUTE}":"${role}"`).join(",")}}}`;

/**
 * @param own the officer's number that was certified @param other one that was not
 * @param honest PEM of the honest certificate @param authorityKey PEM of its authority's key
 */
export function oddCertificates(honest: string, authorityKey: string, own: string, other: string): OddCertificate[] {
  const parts = readParts(honest);
  const made = (what: string, changes: Partial<Parts>, outer?: (certificate: Uint8Array) => Uint8Array) => ({
    what,
    certificate: canonicalPem(signed({ ...parts, ...changes }, authorityKey, outer)),
  });
  const subjects: Readonly<Record<string, Uint8Array>> = {
    "two numbers, the own one first": name(CLIENT, numbered(own), numbered(other)),
    "two numbers, the own one last": name(CLIENT, numbered(other), numbered(own)),
    "two numbers in one part of the name": name(CLIENT, rdn(attribute(CN, text(own)), attribute(CN, text(other)))),
    "number and unit in one part, in the wrong order": name(
      rdn(attribute(OU, text("client")), attribute(CN, text(own))),
    ),
    "the number before the unit": name(numbered(own), CLIENT),
    "the unit twice": name(CLIENT, CLIENT, numbered(own)),
    "two units": name(CLIENT, rdn(attribute(OU, text("admin"))), numbered(own)),
    "no number": name(CLIENT),
    "no unit": name(numbered(own)),
    "a number with an end in it": name(CLIENT, numbered(`${other}\u0000${own}`)),
    "a number in T61": name(CLIENT, numbered(own, 0x14)),
    "a number in IA5": name(CLIENT, numbered(own, 0x16)),
    "a number in printable characters": name(CLIENT, numbered(own, 0x13)),
    "a number in two-octet characters": name(
      CLIENT,
      rdn(attribute(CN, encodeDer(0x1e, Buffer.from([...own].flatMap((digit) => [0, digit.charCodeAt(0)]))))),
    ),
    "a unit in T61": name(rdn(attribute(OU, text("client", 0x14))), numbered(own)),
    "an empty part": name(CLIENT, rdn(), numbered(own)),
    "an attribute with more behind its value": name(CLIENT, rdn(encodeDer(Tag.SEQUENCE, CN, text(own), text(other)))),
    "a name with a longer length": loosely(name(CLIENT, numbered(own)), "longer"),
    "a name without an end": loosely(name(CLIENT, numbered(own)), "endless"),
  };
  const extensions = (...more: readonly Uint8Array[]) => withExtensions(parts.extensions, more);
  return [
    ...Object.entries(subjects).map(([what, subject]) => made(what, { subject })),
    made("its attributes twice", {
      extensions: extensions(attributesOf(rolesJson("user")), attributesOf(rolesJson("administrator"))),
    }),
    made("one attribute twice", { extensions: extensions(attributesOf(rolesJson("user", "administrator"))) }),
    made("one attribute twice, once in escapes", {
      extensions: extensions(attributesOf('{"attrs":{"wanlian.role":"user","wanlian\\u002erole":"administrator"}}')),
    }),
    made("attributes that are no object", { extensions: extensions(attributesOf('["administrator"]')) }),
    made("attributes with text behind them", {
      extensions: extensions(attributesOf(`${rolesJson("administrator")} {}`)),
    }),
    made("attributes in another encoding", {
      extensions: extensions(attributesOf(`\ufeff${rolesJson("administrator")}`)),
    }),
    made("extensions with a longer length", { extensions: loosely(parts.extensions, "longer") }),
    made("something behind the extensions", { rest: text(other) }),
    made("the extensions twice", { rest: parts.extensions }),
    made("a name behind the extensions", { rest: name(CLIENT, numbered(other)) }),
    made("a serial number in more octets", { serial: Buffer.concat([Buffer.of(2, 3, 0, 0), Buffer.of(5)]) }),
    made("a whole with a longer length", {}, (certificate) => loosely(certificate, "longer")),
    made("a whole without an end", {}, (certificate) => loosely(certificate, "endless")),
    made("bytes behind the whole", {}, (certificate) => Buffer.concat([certificate, text(other)])),
    made("its key in the short form of its point", { key: keyIn(parts.key, (x, _y, odd) => [Buffer.of(2 + odd), x]) }),
    made("its key in the form that is both", { key: keyIn(parts.key, (x, y, odd) => [Buffer.of(6 + odd), x, y]) }),
    made("another version", { version: encodeDer(0xa0, encodeDer(2, Buffer.of(1))) }),
  ];
}

function readParts(pem: string): Parts {
  const base64 = pem.replace(/-----[^-]+-----/g, "");
  const [toBeSigned] = valuesIn(contentOf(Buffer.from(base64, "base64")));
  const [version, serial, algorithm, issuer, validity, subject, key, extensions] = valuesIn(contentOf(toBeSigned));
  return { version, serial, algorithm, issuer, validity, subject, key, extensions } as Parts;
}

/** The same key, its point in another form (SEC 1 §2.3.3; the one that is both is X9.62's). */
function keyIn(
  key: Uint8Array,
  form: (x: Uint8Array, y: Uint8Array, odd: number) => readonly Uint8Array[],
): Uint8Array {
  const [algorithm = new Uint8Array(), bits] = valuesIn(contentOf(key));
  const point = contentOf(bits).subarray(2); // behind the count of unused bits and the form
  const [x, y] = [point.subarray(0, 32), point.subarray(32)];
  return encodeDer(Tag.SEQUENCE, algorithm, encodeDer(0x03, Buffer.of(0), ...form(x, y, (y.at(-1) ?? 0) & 1)));
}

/** Puts these in place of the attributes that the authority certified. */
function withExtensions(wrapped: Uint8Array, more: readonly Uint8Array[]): Uint8Array {
  const list = valuesIn(contentOf(contentOf(wrapped)));
  const others = list.filter((extension) => !Buffer.from(extension).includes(ATTRIBUTES));
  return encodeDer(0xa3, encodeDer(Tag.SEQUENCE, ...others, ...more));
}

function signed(parts: Parts, authorityKey: string, outer: (certificate: Uint8Array) => Uint8Array = (one) => one) {
  const { version, serial, algorithm, issuer, validity, subject, key, extensions, rest = new Uint8Array() } = parts;
  const toBeSigned = encodeDer(
    Tag.SEQUENCE,
    ...[version, serial, algorithm, issuer, validity, subject, key, extensions, rest],
  );
  const signature = toLowS(sign("sha256", toBeSigned, createPrivateKey(authorityKey)), P256);
  const bits = encodeDer(0x03, Buffer.of(0), signature);
  return outer(encodeDer(Tag.SEQUENCE, toBeSigned, algorithm, bits));
}

/** The values that stand in the bytes, each whole. */
function valuesIn(bytes: Uint8Array): Uint8Array[] {
  const values: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [start, length] = extentOf(bytes.subarray(at));
    values.push(bytes.subarray(at, at + start + length));
    at += start + length;
  }
  return values;
}

function contentOf(value: Uint8Array | undefined): Uint8Array {
  const bytes = value ?? new Uint8Array();
  const [start, length] = extentOf(bytes);
  return bytes.subarray(start, start + length);
}

function extentOf(value: Uint8Array): readonly [start: number, length: number] {
  const first = value[1] ?? 0;
  if (first < 0x80) return [2, first];
  const octets = value.subarray(2, 2 + (first & 0x7f));
  return [2 + octets.length, octets.reduce((sum, octet) => sum * 256 + octet, 0)];
}
