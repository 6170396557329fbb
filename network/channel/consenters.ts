import { X509Certificate } from "node:crypto";
import {
  type ConfigGroup,
  ConsensusType,
  Consenter,
  OrdererAddresses,
  Orderers,
} from "@wanlian/protocol/messages/configuration.js";
import { RaftConfigMetadata } from "@wanlian/protocol/messages/consensus.js";
import type { PublicMsp } from "../certificates/msp-folder.js";
import { type Address, hostAndPort, type OrdererPlace, type Topology } from "../topology/topology.js";
import { part } from "./changes.js";
import { bftQuorum, type OrdererCertificates } from "./consensus.js";
import { decodedValue, withGroup, withPolicies, withValues } from "./group.js";
import { ordererGroup } from "./organisation.js";
import { holder, outOf, POLICY } from "./policies.js";

/** What is known here of the topology's orderers. */
export interface OrderersKnown {
  /** By name, of those whose certificates are here. */
  readonly certificates: ReadonlyMap<string, OrdererCertificates>;
  /** The public certificates of organisations. */
  readonly msps: ReadonlyMap<string, PublicMsp>;
}

/** The orderers that agree on blocks, as the configuration names them; of Raft's it says neither number nor organisation. */
export function consentersOf(channel: ConfigGroup): readonly Consenter[] {
  const orderer = part(channel, "Orderer");
  const { type, metadata } = decodedValue(orderer, "ConsensusType", ConsensusType) ?? ConsensusType.create();
  if (type === BFT) return decodedValue(orderer, "Orderers", Orderers)?.consenterMapping ?? [];
  return RaftConfigMetadata.decode(metadata).consenters.map((one) => Consenter.create(one));
}

/** `host:port` */
export const addressOf = ({ host, port }: Consenter): Address => `${host}:${port}`;

/**
 * The configuration one orderer nearer to what the topology says: one that moved, else one more, else one less, since Fabric
 * takes one at a time (orderer/consensus/etcdraft/membership.go). Peers are told of a newcomer once it agrees on blocks, and no more of one
 * that is to go before it does: to others an orderer says that the channel does not exist. Undefined where all agrees, as far as is known
 * here: one whose certificates are elsewhere is taken for the one at its address.
 */
export function oneOrdererNearer(
  channel: ConfigGroup,
  { orderers }: Pick<Topology, "orderers">,
  { certificates, msps }: OrderersKnown,
): ConfigGroup | undefined {
  const present = consentersOf(channel);
  const matches = orderers.nodes.map((place) => {
    const known = certificates.get(place.name);
    return { place, known, consenter: present.find((one) => isAt(one, place, known)) };
  });
  for (const { place, consenter } of matches)
    if (consenter && addressOf(consenter) !== place.address) return moved(channel, consenter, place.address);
  const unsaid = matches.flatMap(({ place, consenter }) => (consenter && isUnsaid(channel, place) ? [place] : []));
  if (unsaid.length > 0) return told(channel, unsaid);
  for (const { place, known, consenter } of matches) {
    const msp = msps.get(place.organisation);
    if (consenter === undefined && known && msp) return added(channel, place, known, msp);
  }
  const kept = new Set(matches.map(({ consenter }) => consenter));
  const surplus = present.find((one) => !kept.has(one));
  // Where one is to take another's place, it comes before the other goes.
  if (surplus === undefined || kept.has(undefined)) return undefined;
  const address = addressOf(surplus);
  if (isSaid(channel, address))
    return withEndpoints(channel, (addresses) => addresses.filter((one) => one !== address));
  return removed(channel, surplus, new Set(orderers.organisations.map(({ mspId }) => mspId)));
}

/** Whether an organisation of the channel has such an orderer without peers being told of it. */
function isUnsaid(channel: ConfigGroup, { organisation, address }: OrdererPlace): boolean {
  const group = part(channel, "Orderer").groups.get(organisation);
  return group !== undefined && !endpointsOf(group).includes(address);
}

const isSaid = (channel: ConfigGroup, address: Address): boolean =>
  [...part(channel, "Orderer").groups.values()].some((group) => endpointsOf(group).includes(address));

function told(channel: ConfigGroup, places: readonly OrdererPlace[]): ConfigGroup {
  return withEndpoints(channel, (addresses, mspId) => [
    ...addresses,
    ...places.filter(({ organisation }) => organisation === mspId).map(({ address }) => address),
  ]);
}

/** By its key, so that a renewed certificate is no other orderer; by its address where its certificate is elsewhere. */
function isAt(consenter: Consenter, place: OrdererPlace, known: OrdererCertificates | undefined): boolean {
  if (known === undefined) return addressOf(consenter) === place.address;
  return keyOf(Buffer.from(consenter.serverTlsCert)) === keyOf(known.tls);
}

const keyOf = (pem: string | Buffer): string =>
  new X509Certificate(pem).publicKey.export({ format: "der", type: "spki" }).toString("base64");

function moved(channel: ConfigGroup, consenter: Consenter, to: Address): ConfigGroup {
  const there = consentersOf(channel).map((one) =>
    addressOf(one) === addressOf(consenter) ? { ...one, ...hostAndPort(to) } : one,
  );
  return withEndpoints(withConsenters(channel, there), (addresses) =>
    addresses.map((address) => (address === addressOf(consenter) ? to : address)),
  );
}

function added(
  channel: ConfigGroup,
  { organisation, address }: OrdererPlace,
  { identity, tls }: OrdererCertificates,
  msp: PublicMsp,
): ConfigGroup {
  const before = consentersOf(channel);
  const certificate = Buffer.from(tls);
  const newcomer = Consenter.create({
    id: Math.max(0, ...before.map(({ id }) => id)) + 1,
    ...hostAndPort(address),
    mspId: organisation,
    identity: Buffer.from(identity),
    clientTlsCert: certificate,
    serverTlsCert: certificate,
  });
  const changed = withConsenters(channel, [...before, newcomer]);
  const orderers = part(changed, "Orderer");
  if (orderers.groups.has(organisation)) return changed;
  const group = ordererGroup(organisation, msp, [address]);
  return withGroup(changed, "Orderer", withGroup(orderers, organisation, group));
}

/** An organisation whose last orderer goes, and that the topology names no more, goes with it. */
function removed(channel: ConfigGroup, consenter: Consenter, staying: ReadonlySet<string>): ConfigGroup {
  const rest = consentersOf(channel).filter((one) => addressOf(one) !== addressOf(consenter));
  const changed = withConsenters(channel, rest);
  let orderers = part(changed, "Orderer");
  for (const [mspId, group] of orderers.groups)
    if (!staying.has(mspId) && endpointsOf(group).length === 0) orderers = withGroup(orderers, mspId, undefined);
  return withGroup(changed, "Orderer", orderers);
}

/** The name that Fabric gives SmartBFT. */
const BFT = "BFT";

/** What the configuration says of consenters, these instead. Under BFT blocks are valid by their signatures, and no other policy is taken. */
function withConsenters(channel: ConfigGroup, consenters: readonly Consenter[]): ConfigGroup {
  const orderer = part(channel, "Orderer");
  const consensus = decodedValue(orderer, "ConsensusType", ConsensusType) ?? ConsensusType.create();
  if (consensus.type !== BFT) {
    const { options } = RaftConfigMetadata.decode(consensus.metadata);
    const metadata = RaftConfigMetadata.encode({ consenters, ...(options === undefined ? {} : { options }) });
    return withGroup(
      channel,
      "Orderer",
      withValues(orderer, { ConsensusType: ConsensusType.encode({ ...consensus, metadata }) }),
    );
  }
  const named = withValues(orderer, { Orderers: Orderers.encode({ consenterMapping: [...consenters] }) });
  const signers = consenters.map(({ mspId, identity }) => holder(mspId, identity));
  const policy = outOf(bftQuorum(consenters.length), signers);
  return withGroup(channel, "Orderer", withPolicies(named, { [POLICY.blockValidation]: policy }));
}

function withEndpoints(
  channel: ConfigGroup,
  change: (addresses: readonly Address[], mspId: string) => readonly Address[],
): ConfigGroup {
  let orderers = part(channel, "Orderer");
  for (const [mspId, group] of orderers.groups) {
    const addresses = [...change(endpointsOf(group), mspId)];
    orderers = withGroup(orderers, mspId, withValues(group, { Endpoints: OrdererAddresses.encode({ addresses }) }));
  }
  return withGroup(channel, "Orderer", orderers);
}

const endpointsOf = (group: ConfigGroup): readonly Address[] =>
  decodedValue(group, "Endpoints", OrdererAddresses)?.addresses ?? [];
