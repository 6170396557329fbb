import { generateKeyPairSync } from "node:crypto";
import { EMPTY_TREE, openCheckpoint, openExtension, signCheckpoint, type TreeHead } from "@wanlian/model/checkpoint.js";
import { LedgerError } from "@wanlian/model/errors.js";
import { consistencyProof, GrowingTree, type Hash, leafHash, type NodeId } from "@wanlian/model/merkle.js";
import {
  formatNote,
  formatVerifierKey,
  noteSigner,
  openNote,
  parseNote,
  parseVerifierKey,
  signNote,
} from "@wanlian/model/note.js";
import { expect } from "chai";

/** The example of c2sp.org/signed-note. */
const EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE_TEXT = "This is an example message.\n";
const EXAMPLE_NOTE = `${EXAMPLE_TEXT}
— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
  return "accepted";
}

function signerOf(name: string) {
  return noteSigner(name, generateKeyPairSync("ed25519").privateKey);
}

describe("signed notes (C2SP)", () => {
  it("verifies the specification's example with the specification's key", () => {
    const key = parseVerifierKey(EXAMPLE_KEY);
    expect(openNote(EXAMPLE_NOTE, key)).to.equal(EXAMPLE_TEXT);
    expect(formatVerifierKey(key)).to.equal(EXAMPLE_KEY);
    expect(formatNote(parseNote(EXAMPLE_NOTE))).to.equal(EXAMPLE_NOTE);
  });

  it("separates text from signatures at the last empty line", () => {
    const signer = signerOf("a");
    const text = "Ognuno sta solo\n\ned è subito sera.\n";
    expect(openNote(signNote(text, [signer]), signer.key)).to.equal(text);
  });

  it("passes over signatures of keys it does not know, and needs one that it knows", () => {
    const [own, other] = [signerOf("own"), signerOf("other")];
    const note = signNote("text\n", [other, own]);
    expect(openNote(note, own.key)).to.equal("text\n");
    expect(codeOf(() => openNote(signNote("text\n", [other]), own.key))).to.equal("BAD_SIGNATURE");
    // Same name, another key.
    expect(codeOf(() => openNote(signNote("text\n", [signerOf("own")]), own.key))).to.equal("BAD_SIGNATURE");
  });

  it("refuses a note that was changed in one character", () => {
    const key = parseVerifierKey(EXAMPLE_KEY);
    expect(codeOf(() => openNote(EXAMPLE_NOTE.replace("example message", "exampla message"), key))).to.equal(
      "BAD_SIGNATURE",
    );
    expect(codeOf(() => openNote(EXAMPLE_NOTE.replace("Okn8", "Oln8"), key))).to.equal("BAD_SIGNATURE");
  });

  const malformed: [string, string][] = [
    ["no signature", "text\n\n"],
    ["no empty line", "text\n— a AAAAAAA=\n"],
    ["no final newline", EXAMPLE_NOTE.trimEnd()],
    ["a control character", EXAMPLE_NOTE.replace("This", "\u0007This")],
    ["a carriage return", EXAMPLE_NOTE.replace("\n\n", "\r\n\n")],
    ["a name with a plus", "text\n\n— a+b AAAAAAAA\n"],
    ["a hyphen for the dash", "text\n\n- a AAAAAAAA\n"],
    ["base64 with a second spelling", "text\n\n— a AAAAAAB=\n"],
    ["a signature of four bytes", "text\n\n— a AAAAAA==\n"],
  ];
  for (const [what, note] of malformed) {
    it(`refuses ${what}`, () => {
      expect(codeOf(() => parseNote(note))).to.equal("INVALID_INPUT");
    });
  }

  it("refuses keys that are not Ed25519, have another's id, or a second spelling", () => {
    const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(codeOf(() => noteSigner("a", p256.privateKey))).to.equal("INVALID_INPUT");
    expect(codeOf(() => parseVerifierKey(EXAMPLE_KEY.replace("530d903a", "530d903b")))).to.equal("INVALID_INPUT");
    expect(codeOf(() => parseVerifierKey(EXAMPLE_KEY.replace("530d903a", "530D903A")))).to.equal("INVALID_INPUT");
    expect(codeOf(() => parseVerifierKey("example.com/foo+530d903a"))).to.equal("INVALID_INPUT");
  });

  it("bounds what it reads", () => {
    expect(codeOf(() => parseNote(`${"x".repeat(20_000)}\n\n— a AAAAAAAA\n`))).to.equal("TOO_LARGE");
  });
});

describe("checkpoints (C2SP)", () => {
  const signer = signerOf("log/PoliceMSP");
  const heads: TreeHead[] = [EMPTY_TREE];
  const nodes = new Map<string, Hash>();
  const tree = new GrowingTree();
  for (let i = 0; i < 20; i += 1) {
    tree.append(leafHash(Buffer.from(`${i}`)), ({ level, index }, hash) => nodes.set(`${level}/${index}`, hash));
    heads.push({ size: tree.size, root: tree.root() });
  }
  const read = ({ level, index }: NodeId) => nodes.get(`${level}/${index}`) as Hash;
  const head = (size: number) => heads[size] as TreeHead;

  it("is three lines, signed under the log's name", () => {
    const note = signCheckpoint(head(7), signer);
    const root = Buffer.from(head(7).root).toString("base64");
    expect(note.split("\n").slice(0, 4)).to.deep.equal(["log/PoliceMSP", "7", root, ""]);
    expect(openCheckpoint(note, signer.key)).to.deep.equal({ origin: "log/PoliceMSP", ...head(7) });
  });

  const broken: [string, string][] = [
    ["another log's checkpoint", `log/HealthMSP\n7\n${"A".repeat(43)}=\n`],
    ["a size with a leading zero", `log/PoliceMSP\n07\n${"A".repeat(43)}=\n`],
    ["a negative size", `log/PoliceMSP\n-7\n${"A".repeat(43)}=\n`],
    ["a size beyond what numbers hold", `log/PoliceMSP\n9007199254740993\n${"A".repeat(43)}=\n`],
    ["a root of 31 bytes", `log/PoliceMSP\n7\n${"A".repeat(42)}==\n`],
    ["an extension line", `log/PoliceMSP\n7\n${"A".repeat(43)}=\nmore\n`],
  ];
  for (const [what, text] of broken) {
    it(`refuses ${what}, though its own key signed it`, () => {
      expect(codeOf(() => openCheckpoint(signNote(text, [signer]), signer.key))).to.equal("INVALID_INPUT");
    });
  }

  it("takes what extends the last, from nothing and from itself", () => {
    for (const [oldSize, size] of [
      [0, 20],
      [0, 0],
      [7, 20],
      [8, 9],
      [20, 20],
    ] as const) {
      const extension = { note: signCheckpoint(head(size), signer), proof: consistencyProof(oldSize, size, read) };
      expect(openExtension(extension, head(oldSize), signer.key).size).to.equal(size);
    }
  });

  it("refuses a log that shrank", () => {
    const extension = { note: signCheckpoint(head(6), signer), proof: [] };
    expect(codeOf(() => openExtension(extension, head(7), signer.key))).to.equal("LOG_SHRANK");
  });

  it("refuses a log that was rewritten, at the same size or a larger one", () => {
    const rewritten = { size: 7, root: head(6).root };
    const same = { note: signCheckpoint(head(7), signer), proof: [] };
    expect(codeOf(() => openExtension(same, rewritten, signer.key))).to.equal("LOG_REWRITTEN");
    const larger = { note: signCheckpoint(head(20), signer), proof: consistencyProof(7, 20, read) };
    expect(codeOf(() => openExtension(larger, rewritten, signer.key))).to.equal("LOG_REWRITTEN");
    expect(codeOf(() => openExtension({ ...larger, proof: [] }, head(7), signer.key))).to.equal("LOG_REWRITTEN");
  });

  it("refuses a checkpoint that another department's key signed", () => {
    const other = signerOf("log/PoliceMSP");
    const extension = { note: signCheckpoint(head(7), other), proof: [] };
    expect(codeOf(() => openExtension(extension, EMPTY_TREE, signer.key))).to.equal("BAD_SIGNATURE");
  });
});
