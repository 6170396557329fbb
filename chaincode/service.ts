import shim, { type ChaincodeServer, type ChaincodeServerOpts } from "fabric-shim";
import ChaincodeFromContract from "fabric-shim/lib/contract-spi/chaincodefromcontract.js";
import { JSONSerializer } from "./contract-api.js";
import { contractsFor } from "./contracts/contracts.js";
import type { Endorser } from "./endorser.js";

export interface ServiceOptions {
  /** The package id that the peer knows the chaincode by. */
  readonly chaincodeId: string;
  /** Where to listen: `127.0.0.1:9999`. */
  readonly address: string;
  readonly endorser: Endorser;
}

/** Starts the contracts as a service: fabric-shim's own server, to which the department's peer connects. */
export async function startService({ chaincodeId, address, endorser }: ServiceOptions): Promise<ChaincodeServer> {
  const serializers = { transaction: "jsonSerializer", serializers: { jsonSerializer: JSONSerializer } };
  const chaincode = new ChaincodeFromContract(contractsFor(endorser), serializers, {}, "wanlian", "1");
  // Its types demand TLS, its code does not: peer and chaincode are on one machine, of one department.
  const options = { ccid: chaincodeId, address } as ChaincodeServerOpts;
  const server = shim.Shim.server(chaincode, options);
  await server.start();
  return server;
}
