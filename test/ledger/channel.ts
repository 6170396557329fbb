import { join } from "node:path";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { type ChannelLedger, createLedger, openLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { rebuildLedger } from "@wanlian/network/embedded/ledger/rebuild.js";
import { headerBytes, headerHash } from "@wanlian/protocol/block.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { CollectionConfigPackage } from "@wanlian/protocol/messages/collections.js";
import {
  Block,
  type BlockHeader,
  ChannelHeader,
  Envelope,
  HeaderType,
  Metadata,
  OrdererBlockMetadata,
  Payload,
  SignatureHeader,
} from "@wanlian/protocol/messages/common.js";
import { ConfigEnvelope } from "@wanlian/protocol/messages/configuration.js";
import {
  ChaincodeEndorsementInfo,
  ChaincodeValidationInfo,
  StateData,
  StateMetadata,
} from "@wanlian/protocol/messages/lifecycle.js";
import { ApplicationPolicy } from "@wanlian/protocol/messages/policies.js";
import { type ForgedTransaction, type Forgery, forge } from "../attacks/forge.js";
import { genesis, member } from "../network/ordering.js";
import { makeWorld, type World } from "../network/world.js";

export const CHANNEL = "pilot";
export const DEPARTMENTS = ["BureauMSP", "CivilMSP", "PoliceMSP"] as const;
export type DepartmentId = (typeof DEPARTMENTS)[number];

/** The chaincode that is defined from block 1 on; any one department's peer endorses it. */
export const CHAINCODE = "basic";

/** Who signs for a department in these tests. */
export interface Member {
  readonly peer: SigningIdentity;
  readonly client: SigningIdentity;
  readonly admin: SigningIdentity;
}

/** A transaction to be: by default of the bureau's client, endorsed by the bureau's peer. */
export interface Draft extends Partial<Omit<Forgery, "channel">> {
  readonly nonce?: Uint8Array;
}

/** A channel of three departments whose orderer is the test, with one ledger of each department that asks. */
export class TestChannel {
  readonly world: World;
  readonly genesis: Block;
  readonly members: ReadonlyMap<string, Member>;
  readonly orderer: SigningIdentity;
  #last: BlockHeader;
  #lastConfig = 0n;
  #ledgers = 0;
  readonly #open: ChannelLedger[] = [];
  /** Every block after the genesis block, as the orderer made it. */
  readonly blocks: Block[] = [];

  private constructor(
    world: World,
    genesisBlock: Block,
    members: ReadonlyMap<string, Member>,
    orderer: SigningIdentity,
  ) {
    if (genesisBlock.header === undefined) throw new Error("a genesis block without header");
    this.world = world;
    this.genesis = genesisBlock;
    this.members = members;
    this.orderer = orderer;
    this.#last = genesisBlock.header;
  }

  static async make(): Promise<TestChannel> {
    const world = await makeWorld({ departments: 3, consensus: "embedded" });
    const members = new Map<string, Member>();
    for (const mspId of DEPARTMENTS) {
      const organisation = world.organisations.get(mspId);
      await organisation?.addPeer("peer0", ["localhost"]);
      await organisation?.addClient("node", ["node"], []);
      members.set(mspId, {
        peer: await member(world, mspId, "peers/peer0"),
        client: await member(world, mspId, "clients/node"),
        admin: await member(world, mspId, "administrators/admin"),
      });
    }
    const [place] = world.topology.orderers.nodes;
    const orderer = await member(world, "OrdererMSP", `orderers/${place?.name}`);
    return new TestChannel(world, Block.decode(await genesis(world)), members, orderer);
  }

  of(mspId: DepartmentId): Member {
    const found = this.members.get(mspId);
    if (found === undefined) throw new Error(`no ${mspId}`);
    return found;
  }

  /** A new, empty ledger that follows the channel up to here. */
  async ledger(mspId: DepartmentId = "BureauMSP"): Promise<ChannelLedger> {
    const directory = join(this.world.directory, `ledger${this.#ledgers++}`);
    const ledger = await createLedger({ directory, mspId }, this.genesis);
    this.#open.push(ledger);
    for (const block of this.blocks) await ledger.commit(block);
    return ledger;
  }

  /** Closes the ledger that was made last and opens it anew. */
  async reopen(mspId: DepartmentId = "BureauMSP"): Promise<ChannelLedger> {
    await this.#open.pop()?.close();
    const directory = join(this.world.directory, `ledger${this.#ledgers - 1}`);
    const ledger = await openLedger({ directory, mspId });
    this.#open.push(ledger);
    return ledger;
  }

  /** Begins the ledger that was made last anew, as after damage, and gives it all blocks again. */
  async rebuild(mspId: DepartmentId): Promise<ChannelLedger> {
    await this.#open.pop()?.close();
    const options = { directory: join(this.world.directory, `ledger${this.#ledgers - 1}`), mspId };
    await rebuildLedger(options, this.genesis);
    const ledger = await openLedger(options);
    this.#open.push(ledger);
    for (const block of this.blocks) await ledger.commit(block);
    return ledger;
  }

  draft(draft: Draft): ForgedTransaction {
    const { nonce, ...parts } = draft;
    const { client, peer } = this.of("BureauMSP");
    const forgery = { chaincode: CHAINCODE, creator: client, endorsers: [peer], args: [], sets: {}, ...parts };
    return forge({ channel: CHANNEL, ...forgery }, nonce);
  }

  /** The next block, which from now on is the last one. */
  order(...envelopes: readonly Uint8Array[]): Block {
    const block = this.block(envelopes);
    if (block.header !== undefined) this.#last = block.header;
    this.blocks.push(block);
    return block;
  }

  /** A block that could be the next, with what a test wants otherwise. */
  block(envelopes: readonly Uint8Array[], other: Partial<BlockHeader> = {}, signer = this.orderer): Block {
    const header = {
      number: this.#last.number + 1n,
      previousHash: headerHash(this.#last),
      dataHash: sha256(...envelopes),
      ...other,
    };
    const value = OrdererBlockMetadata.encode({ lastConfig: { index: this.#lastConfig } });
    const signatureHeader = SignatureHeader.encode({ creator: signer.creator, nonce: signer.nonce() });
    const signature = signer.sign(Buffer.concat([value, signatureHeader, headerBytes(header)]));
    const empty = new Uint8Array(0);
    return Block.create({
      header,
      data: { data: [...envelopes] },
      metadata: {
        metadata: [
          Metadata.encode({ value, signatures: [{ signatureHeader, signature }] }),
          empty,
          empty,
          empty,
          empty,
        ],
      },
    });
  }

  /** A block with a configuration that follows from an update. */
  orderConfig(config: ConfigEnvelope): Block {
    this.#lastConfig = this.#last.number + 1n;
    const signatureHeader = SignatureHeader.encode({ creator: this.orderer.creator, nonce: this.orderer.nonce() });
    const channelHeader = ChannelHeader.encode({ type: HeaderType.CONFIG, channelId: CHANNEL });
    const payload = Payload.encode({ header: { channelHeader, signatureHeader }, data: ConfigEnvelope.encode(config) });
    return this.order(Envelope.encode({ payload, signature: this.orderer.sign(payload) }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((ledger) => ledger.close()));
    await this.world.remove();
  }
}

interface Definition {
  readonly name?: string;
  readonly policy?: Encodable<ApplicationPolicy>;
  readonly collections?: Encodable<CollectionConfigPackage>;
}

/** The state that lifecycle would write for a chaincode; without a policy given, the channel's default. */
export function definitionWrites({ name = CHAINCODE, policy, collections }: Definition = {}) {
  const parameter = ApplicationPolicy.encode(
    policy ?? { channelConfigPolicyReference: "/Channel/Application/Endorsement" },
  );
  const field = (key: string, data: Encodable<StateData>) => ({
    key: `namespaces/fields/${name}/${key}`,
    value: StateData.encode(data),
  });
  return {
    writes: [
      {
        key: `namespaces/metadata/${name}`,
        value: StateMetadata.encode({
          datatype: "ChaincodeDefinition",
          fields: ["Sequence", "EndorsementInfo", "ValidationInfo", "Collections"],
        }),
      },
      field("Sequence", { int64: 1n }),
      field("EndorsementInfo", { bytes: ChaincodeEndorsementInfo.encode({ version: "1", endorsementPlugin: "escc" }) }),
      field("ValidationInfo", {
        bytes: ChaincodeValidationInfo.encode({ validationPlugin: "vscc", validationParameter: parameter }),
      }),
      field("Collections", { bytes: CollectionConfigPackage.encode(collections ?? {}) }),
    ],
  };
}
