import { Metadata, status } from "@grpc/grpc-js";
import { ErrorDetail } from "@wanlian/protocol/messages/gateway.js";
import { RpcStatus } from "@wanlian/protocol/messages/wellknown.js";
import { RpcError } from "../../../grpc/rpc-error.js";

/** Where a client finds the details of a failed call, by gRPC's convention. */
const DETAILS = "grpc-status-details-bin";
const DETAIL_TYPE = "type.googleapis.com/gateway.ErrorDetail";

/** What one peer or orderer said. */
export interface Detail {
  readonly address: string;
  readonly mspId: string;
  readonly message: string;
}

/** The failure of a gateway call, with what each peer asked had to say. */
export function gatewayError(code: number, message: string, details: readonly Detail[] = []): RpcError {
  const metadata = new Metadata();
  if (details.length > 0) {
    const any = details.map((detail) => ({ typeUrl: DETAIL_TYPE, value: ErrorDetail.encode(detail) }));
    metadata.set(DETAILS, Buffer.from(RpcStatus.encode({ code, message, details: any })));
  }
  return new RpcError(code, message, { metadata });
}

/** gRPC's names of status codes as Go prints them. */
const CODE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(status)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number")
    .map(([name, code]) => [code, goName(name)]),
);

function goName(name: string): string {
  if (name === "OK") return name;
  return name
    .split("_")
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join("");
}

/** An RPC error as Fabric passes it on inside a text. */
export function rpcErrorText({ code, message }: RpcError): string {
  return `rpc error: code = ${CODE_NAMES.get(code) ?? code} desc = ${message}`;
}
