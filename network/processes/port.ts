import { connect, createServer } from "node:net";
import { NetworkError } from "../error.js";
import { type Address, hostAndPort } from "../topology/topology.js";

/** An address that a process is about to listen on, and whose it is. */
export interface WantedAddress {
  readonly address: Address;
  readonly owner: string;
}

/** Checks that nothing listens on these addresses yet. Throws `PORT_IN_USE` with all that are taken. */
export async function expectFree(wanted: readonly WantedAddress[]): Promise<void> {
  const taken: WantedAddress[] = [];
  for (const one of wanted) if (!(await isFree(one.address))) taken.push(one);
  if (taken.length === 0) return;
  const list = taken.map(({ address, owner }) => `${address} (${owner})`).join(", ");
  throw new NetworkError(
    "PORT_IN_USE",
    `Another program listens on ${list}; stop it, or set the pilot up in another folder with other ports (--data DIR --ports N).`,
    { addresses: taken.map(({ address }) => address) },
  );
}

/** Whether something accepts connections there. */
export function answers(address: Address): Promise<boolean> {
  const { host, port } = hostAndPort(address);
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}

function isFree(address: Address): Promise<boolean> {
  const { host, port } = hostAndPort(address);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else
        reject(
          new NetworkError("PORT_IN_USE", `${address} cannot be listened on: ${error.message}.`, { address }, error),
        );
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
