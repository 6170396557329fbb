/**
 * How fast a peer validates and stores blocks: `node test/dist/bench/validation.js [transactions] [transactions a block]`. Acts as the
 * contracts make them (a basis of four reads, one sealed key, 1 KB), by number of endorsements. Beside the rate stands the processor time a
 * transaction, which does not depend on what else the machine does.
 */
import { utf8 } from "@wanlian/protocol/bytes.js";
import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { CHAINCODE, definitionWrites, TestChannel } from "../ledger/channel.js";

const TRANSACTIONS = Number(process.argv[2] ?? 2000);
const A_BLOCK = Number(process.argv[3] ?? 100);
const SEAL = SignaturePolicyEnvelope.encode({ rule: { nOutOf: { n: 1, rules: [] } } });
const ACT = utf8("x".repeat(1000));

const channel = await TestChannel.make();
const ledger = await channel.ledger();
const peers = [...channel.members.values()].map(({ peer }) => peer);
const policy = {
  signaturePolicy: SignaturePolicyEnvelope.decode(SignaturePolicyEnvelope.encode({ rule: { nOutOf: { n: 0 } } })),
};
const definition = { chaincode: "_lifecycle", endorsers: peers, sets: { _lifecycle: definitionWrites({ policy }) } };
await ledger.commit(channel.order(channel.draft(definition).envelope));

for (let endorsements = 1; endorsements <= peers.length; endorsements++) {
  const act = (index: number): Uint8Array => {
    const key = `${endorsements}-${index}`;
    const reads = [key, "policy", "clock", "member"].map((name) => ({ key: name }));
    const metadataWrites = [{ key, entries: [{ name: "VALIDATION_PARAMETER", value: SEAL }] }];
    const sets = { [CHAINCODE]: { reads, writes: [{ key, value: ACT }], metadataWrites } };
    return channel.draft({ sets, endorsers: peers.slice(0, endorsements) }).envelope;
  };
  const blocks = Array.from({ length: Math.ceil(TRANSACTIONS / A_BLOCK) }, (_, block) =>
    channel.order(...Array.from({ length: A_BLOCK }, (_, index) => act(block * A_BLOCK + index))),
  );
  const started = process.hrtime.bigint();
  const processor = process.cpuUsage();
  let valid = 0;
  for (const block of blocks) valid += (await ledger.commit(block)).codes.filter((code) => code === 0).length;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { user, system } = process.cpuUsage(processor);
  const milliseconds = (user + system) / 1000 / valid;
  console.log(
    `${endorsements} endorsements: ${Math.round(valid / seconds)} valid transactions/s, ${milliseconds.toFixed(2)} ms processor time each`,
  );
}
await channel.close();
