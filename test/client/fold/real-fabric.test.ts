import { readConfiguration, viewChannel } from "@wanlian/client/fold/configuration.js";
import { type DefinitionView, readDefinition } from "@wanlian/client/fold/definition.js";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { readAction, readHeaders } from "@wanlian/client/ledger/transaction.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { recordedChannels } from "../../vectors/channels.js";

const DEPARTMENTS = ["BureauMSP", "CivilMSP", "HealthMSP", "PoliceMSP", "TransportMSP"];

describe("real Fabric's blocks", () => {
  for (const { name, blocks } of recordedChannels()) {
    it(`${name}: are read with the hashes, codes and transactions that they have`, () => {
      for (const { block, headerHash, codes } of blocks) {
        const read = readBlock(Block.encode(block));
        if (headerHash !== undefined) expect(read.hash).to.equal(headerHash);
        expect([...read.codes]).to.deep.equal(codes);
        for (const [index, envelope] of read.envelopes.entries()) {
          if (read.codes[index] !== 0) continue;
          const headers = readHeaders(envelope);
          expect(headers?.department).to.match(/MSP$|^$/);
          if (headers?.type === 3) expect(readAction(headers)).to.not.equal(undefined);
        }
      }
    });
  }

  it("tell members, k and the policy that the contracts refer to", () => {
    const sealed = recordedChannels().find(({ name }) => name.includes("sealed")) ?? expect.fail("no such recording");
    let definition: DefinitionView | undefined;
    for (const { block } of sealed.blocks) {
      for (const envelope of block.data?.data ?? []) {
        const headers = readHeaders(envelope) ?? expect.fail("no headers");
        const configuration = readConfiguration(headers);
        if (configuration !== undefined) {
          const records = { k: 2, departments: DEPARTMENTS };
          expect(viewChannel(configuration)).to.deep.equal({ sequence: 0, members: DEPARTMENTS, records });
        }
        const action = readAction(headers);
        if (action !== undefined) definition = readDefinition(action, "basic", definition) ?? definition;
      }
    }
    expect(definition).to.deep.include({
      sequence: 1,
      policyReference: "/Channel/Application/Records",
      validationPlugin: "vscc",
      hasCollections: false,
    });
  });
});
