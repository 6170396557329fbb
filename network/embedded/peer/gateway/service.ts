import { CONCURRENCY, ConcurrencyLimit } from "../../../grpc/limits.js";
import type { RpcServer } from "../../../grpc/server.js";
import { Gateway } from "../../../grpc/services.js";
import type { ChaincodeEvents } from "./chaincode-events.js";
import type { CommitStatus } from "./commit-status.js";
import type { Endorse } from "./endorse.js";
import type { Evaluate } from "./evaluate.js";
import type { Submit } from "./submit.js";

/** The five things that a client application asks of its peer. */
export interface GatewayParts {
  readonly evaluate: Evaluate;
  readonly endorse: Endorse;
  readonly submit: Submit;
  readonly commitStatus: CommitStatus;
  readonly chaincodeEvents: ChaincodeEvents;
}

/** Serves `gateway.Gateway`. */
export function serveGateway(server: RpcServer, parts: GatewayParts): void {
  const limit = new ConcurrencyLimit("/gateway.Gateway", CONCURRENCY.gateway);
  server
    .unary(Gateway.evaluate, (request, { signal }) => limit.run(() => parts.evaluate.run(request, signal)))
    .unary(Gateway.endorse, (request, { signal }) => limit.run(() => parts.endorse.run(request, signal)))
    .unary(Gateway.submit, (request, { signal }) => limit.run(() => parts.submit.run(request, signal)))
    .unary(Gateway.commitStatus, (request, { signal }) => limit.run(() => parts.commitStatus.run(request, signal)))
    .serverStream(Gateway.chaincodeEvents, (request, send, { signal }) =>
      limit.run(() => parts.chaincodeEvents.run(request, send, signal)),
    );
}
