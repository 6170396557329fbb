import { GatewayError, type Transaction } from "@hyperledger/fabric-gateway";
import { expect } from "chai";
import { type DepartmentClient, PeerNetwork } from "./network.js";

/** Three departments on one channel, with a client of each. */
export interface City {
  readonly network: PeerNetwork;
  readonly bureau: DepartmentClient;
  readonly civil: DepartmentClient;
  readonly police: DepartmentClient;
}

let shared: Promise<City> | undefined;

/** The one network that the tests of the peer share; started by the first that asks, ended after the last. */
export function sharedCity(): Promise<City> {
  shared ??= startCity();
  return shared;
}

after(async () => {
  // One that could not be started has failed its tests and cleaned up after itself.
  const city = await shared?.catch(() => undefined);
  await city?.network.stop();
});

async function startCity(): Promise<City> {
  const network = await PeerNetwork.start({ departments: 3 });
  const city = {
    network,
    bureau: await network.client("BureauMSP"),
    civil: await network.client("CivilMSP"),
    police: await network.client("PoliceMSP"),
  };
  // A set-up is complete only when every peer knows the others.
  for (const client of [city.bureau, city.civil, city.police]) await untilPlanned(city, client);
  return city;
}

async function untilPlanned({ network }: City, client: DepartmentClient): Promise<void> {
  const endorsingOrganizations = network.departments.map(({ mspId }) => mspId);
  await until(() => {
    const proposal = client.contract.newProposal("put", { arguments: ["x", "y"], endorsingOrganizations });
    return proposal.endorse().then(
      () => true,
      () => false,
    );
  });
}

export async function submit(client: DepartmentClient, name: string, ...args: string[]): Promise<string> {
  return text(await client.contract.submitTransaction(name, ...args));
}

export async function evaluate(client: DepartmentClient, name: string, ...args: string[]): Promise<string> {
  return text(await client.contract.evaluateTransaction(name, ...args));
}

/** Endorses now, to be submitted later. */
export function endorse(client: DepartmentClient, name: string, ...args: string[]): Promise<Transaction> {
  return client.contract.newProposal(name, { arguments: args }).endorse();
}

/** Resolves when every peer has all blocks that there are. */
export async function caughtUp({ bureau, civil, police }: City): Promise<void> {
  const marker = String(Math.random());
  await submit(bureau, "put", "marker", marker);
  for (const client of [bureau, civil, police]) {
    await until(async () => (await evaluate(client, "get", "marker")) === marker);
  }
}

/** Asks again until it is so; the test's own time limit ends what never comes. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

export async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => expect.fail("nothing failed"),
    (error: unknown) => error,
  );
}

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "");
export const codeOf = (error: unknown): number | undefined => (error instanceof GatewayError ? error.code : undefined);
export const detailsOf = (error: unknown) => (error instanceof GatewayError ? error.details : []);
