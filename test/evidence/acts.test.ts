import { LedgerError } from "@wanlian/model/errors.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { RELEASED } from "@wanlian/model/models.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { anchorOf, blockOf, stateOf, versionOf } from "@wanlian/verify/acts.js";
import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { NotShown } from "@wanlian/verify/not-shown.js";
import { Refuted } from "@wanlian/verify/refuted.js";
import { expect } from "chai";
import { everything } from "../model/everything.js";

const UNKNOWN = Math.max(...RELEASED.all.map(({ version }) => version)) + 1;

/** How a reading of evidence ends. */
function verdict(read: () => unknown): string {
  try {
    read();
    return "read";
  } catch (error) {
    if (error instanceof NotShown) return "not shown";
    if (error instanceof LedgerError) return error.code;
    if (error instanceof Refuted) return `refuted: ${error.message}`;
    throw error;
  }
}

describe("what a verifier reads of an act", () => {
  const acts = everything().acts;
  const actOf = (noun: string): Act => acts.find((act) => act.noun === noun) ?? expect.fail(`no act of ${noun}`);
  const member = actOf("member");
  const log = acts.find(({ noun, type }) => noun === "log" && type === "anchor") ?? expect.fail("no anchor");

  const states: [title: string, act: Act, noun: Parameters<typeof stateOf>[1], expected: string][] = [
    ["the state of a case", member, "member", "read"],
    ["no state of a case of another noun", member, "application", "is no act of a case of application"],
    ["no state of another form", { ...member, state: { status: "active" } }, "member", "INVALID_INPUT"],
    ["no state by rules that it lacks", { ...member, schema: UNKNOWN }, "member", "not shown"],
  ];
  for (const [title, act, noun, expected] of states) {
    it(title, () => expect(verdict(() => stateOf(act, noun, RELEASED))).to.include(expected));
  }

  const anchors: [title: string, act: Act, expected: string][] = [
    ["an anchor", log, "read"],
    ["no anchor of a type that the rules lack", { ...log, type: "moor" }, "has no act log:moor"],
    ["no anchor of a noun that the rules lack", { ...log, noun: "boat" }, "has no act boat:anchor"],
    ["no anchor of another form", { ...log, body: {} }, "INVALID_INPUT"],
    ["no anchor by rules that it lacks", { ...log, schema: UNKNOWN }, "not shown"],
  ];
  for (const [title, act, expected] of anchors) {
    it(title, () => expect(verdict(() => anchorOf(act, RELEASED))).to.include(expected));
  }

  it("the rules of each version that it has, and of no other", () => {
    for (const { version } of RELEASED.all) expect(versionOf(RELEASED, version).version).to.equal(version);
    expect(verdict(() => versionOf(RELEASED, UNKNOWN))).to.equal("not shown");
  });

  it("a block by its own number, none that the file lacks, and none that stands under another's", () => {
    const header = { number: 7n, previousHash: new Uint8Array(), dataHash: new Uint8Array() };
    const seven = Buffer.from(Block.encode({ header })).toString("base64");
    const none = Buffer.from(Block.encode({})).toString("base64");
    const file = { blocks: { 7: seven, 8: seven, 9: none } } as unknown as EvidenceFile;
    expect(blockOf(file, 7).header?.number).to.equal(7n);
    expect(verdict(() => blockOf(file, 6))).to.equal("not shown");
    expect(verdict(() => blockOf(file, 8))).to.include("the file has another block as block 8");
    expect(verdict(() => blockOf(file, 9))).to.include("the file has another block as block 9");
  });
});
