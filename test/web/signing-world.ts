import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApi } from "@wanlian/client/api";
import type { Signer } from "@wanlian/client/core/services.js";
import { OfficerStore } from "@wanlian/client/keys/officers/index.js";
import type { EndorsedTransaction } from "@wanlian/client/ledger/connector.js";
import { DepartmentNode } from "@wanlian/client/node/department-node.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { Role } from "@wanlian/model/roles.js";
import { Envelope, Header, Payload } from "@wanlian/protocol/messages/common.js";
import { Proposal } from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import { pino } from "pino";
import { FakeNetwork } from "../client/fake-network.js";
import { CHAINCODE, CHANNEL, TestLedger } from "../client/test-ledger.js";
import { BUILT_PAGE } from "./built-page.js";

/** A network behind a node whose officers sign elsewhere: proposal first, then what the endorsers made of it. */
export class SigningNetwork extends FakeNetwork {
  /** What a node that lies has signed instead of the proposal. */
  lie: (args: readonly string[]) => readonly string[] = (args) => args;

  override async endorse(
    signer: Signer,
    contractFunction: string,
    args: readonly string[],
  ): Promise<EndorsedTransaction> {
    const made = await super.endorse(signer, contractFunction, this.lie(args));
    const { payload } = Envelope.decode(made.envelope);
    const { header, data } = Payload.decode(payload);
    const [action] = Transaction.decode(data).actions;
    const called = ChaincodeActionPayload.decode(action?.payload ?? new Uint8Array()).chaincodeProposalPayload;
    if (header !== undefined) await signer.sign(Proposal.encode({ header: Header.encode(header), payload: called }));
    return { ...made, envelope: Envelope.encode({ payload, signature: await signer.sign(payload) }) };
  }
}

/** A department's real node, its page and API, on a ledger that is there in this process. */
export interface SigningWorld {
  readonly origin: string;
  readonly ledger: TestLedger;
  readonly network: SigningNetwork;
  readonly officers: OfficerStore;
  /** Certifies what a browser asks for, as the department's administrator does. */
  certify(officer: string, roles: readonly Role[], request: string): Promise<string>;
  stop(): Promise<void>;
}

const MSP = "CivilMSP";

export async function signingWorld(): Promise<SigningWorld> {
  const directory = await mkdtemp(join(tmpdir(), "wanlian-page-"));
  const ledger = await TestLedger.opened();
  const network = new SigningNetwork(ledger);
  const db = await openDatabase({ directory, url: undefined });
  const log = pino({ level: "silent" });
  const node = new DepartmentNode({
    department: MSP,
    channel: CHANNEL,
    chaincode: CHAINCODE,
    models: RELEASED,
    connector: network,
    nodeSigner: (await ledger.officer(MSP, "9000", "node")).signer,
    db,
    projection: await Projection.open(db, CHANNEL, CHAINCODE, RELEASED),
    voidFile: join(directory, "void.jsonl"),
    log,
  });
  await node.start((error) => {
    throw error;
  });
  await node.folded(BigInt(ledger.blocks.length) - 1n);
  const officers = new OfficerStore(join(directory, "officers"));
  const server = createServer(createApi({ services: node, db, officers, log, page: BUILT_PAGE }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger,
    network,
    officers,
    certify: (officer, roles, request) => ledger.certify(MSP, officer, roles, request),
    async stop() {
      server.closeAllConnections();
      server.close();
      await node.stop();
      await db.destroy();
      await ledger.remove();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
