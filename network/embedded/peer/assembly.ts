import { join } from "node:path";
import type { Logger } from "pino";
import type { SigningIdentity } from "../../certificates/signing-identity.js";
import type { TlsMaterial } from "../../grpc/credentials.js";
import { AccessControl } from "./access.js";
import type { Channels } from "./channels.js";
import { ChaincodeConnections } from "./dialogue/connections.js";
import { PackageStore } from "./dialogue/package-store.js";
import { StateRequests } from "./dialogue/state-requests.js";
import { Neighbours } from "./discovery/neighbours.js";
import { Self } from "./discovery/self.js";
import { DiscoveryService } from "./discovery/service.js";
import { Endorser } from "./endorser/endorser.js";
import { Executor } from "./endorser/executor.js";
import { Candidates } from "./gateway/candidates.js";
import { ChaincodeEvents } from "./gateway/chaincode-events.js";
import { CommitStatus } from "./gateway/commit-status.js";
import { Endorse } from "./gateway/endorse.js";
import { Endorsers } from "./gateway/endorsers.js";
import { Evaluate } from "./gateway/evaluate.js";
import { Orderers } from "./gateway/orderers.js";
import type { GatewayParts } from "./gateway/service.js";
import { Submit } from "./gateway/submit.js";
import { LifecycleChaincode } from "./lifecycle/chaincode.js";
import { MemberOnlyAccess } from "./lifecycle/collection-access.js";
import { EndorsementInfoSource } from "./lifecycle/endorsement-info.js";
import type { LocalMsp } from "./local-msp.js";
import { Plannings } from "./planning/plannings.js";
import { Distributor } from "./private-data/distributor.js";
import { Receiver } from "./private-data/receiver.js";
import { Reconciler } from "./private-data/reconciler.js";
import type { PeerSettings } from "./settings.js";
import { ConfigurationChaincode } from "./system/cscc.js";
import { QueryChaincode } from "./system/qscc.js";

/** Fabric's default time for one transaction in a chaincode. */
const EXECUTE_TIMEOUT_MS = 30_000;

/** What a peer process is made from. */
export interface PeerMaterial {
  readonly settings: PeerSettings;
  /** Where others reach it; known before anybody asks. */
  readonly address: { readonly external: string };
  readonly signer: SigningIdentity;
  readonly local: LocalMsp;
  readonly tls: TlsMaterial;
  readonly channels: Channels;
  readonly log: Logger;
}

/** The services of a peer, wired together. */
export interface PeerServices {
  readonly endorser: Endorser;
  readonly discovery: DiscoveryService;
  readonly gateway: GatewayParts;
  readonly receiver: Receiver;
  /** Looks at the channels again: when one was joined or its configuration changed. */
  refresh(): void;
  close(): Promise<void>;
}

export async function assemble(material: PeerMaterial): Promise<PeerServices> {
  const { settings, address, signer, local, tls, channels, log } = material;
  const { mspId, dataDir } = settings;
  const packages = await PackageStore.open(join(dataDir, "chaincodes"));
  const access = new AccessControl(channels, local);
  const executor = new Executor({
    channels,
    access,
    system: [
      new LifecycleChaincode(mspId, packages, channels, access),
      new QueryChaincode(channels, access),
      new ConfigurationChaincode(channels, access),
    ],
    lifecycle: new EndorsementInfoSource(mspId, packages),
    state: new StateRequests(new MemberOnlyAccess(channels)),
    timeoutMs: settings.executeTimeoutMs ?? EXECUTE_TIMEOUT_MS,
  });
  const connections = new ChaincodeConnections(
    packages,
    (type, payload, invocation) => executor.answer(type, payload, invocation),
    log,
  );
  executor.connect(connections);
  const self = new Self(address, signer, channels);
  const neighbours = new Neighbours({ self, channels, signer, tls, log });
  const distributor = new Distributor({ neighbours, signer, log });
  const now = () => new Date();
  const endorser = new Endorser({ channels, local, access, executor, distributor, signer, log, now });
  const plannings = new Plannings(channels, neighbours);
  const discovery = new DiscoveryService({ self, channels, access, membership: neighbours, plannings });

  const orderers = new Orderers(tls);
  const endorsers = new Endorsers(endorser, neighbours);
  const candidates = new Candidates(plannings, executor);
  const gateway = {
    evaluate: new Evaluate(mspId, candidates, endorsers, (id) => channels.get(id) !== undefined),
    endorse: new Endorse(mspId, candidates, plannings, endorsers),
    submit: new Submit(channels, orderers),
    commitStatus: new CommitStatus(channels, access),
    chaincodeEvents: new ChaincodeEvents(channels, access),
  };
  const reconciler = new Reconciler({ neighbours, signer, tls, log });
  return {
    endorser,
    discovery,
    gateway,
    receiver: new Receiver({ mspId, channels, access }),
    refresh() {
      neighbours.refresh();
      reconciler.follow(channels.all());
    },
    async close() {
      await reconciler.close();
      neighbours.close();
      plannings.close();
      connections.close();
      orderers.close();
    },
  };
}
