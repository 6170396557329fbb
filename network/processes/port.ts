import { connect, createServer } from "node:net";
import type { Words } from "@wanlian/protocol/language.js";
import { NetworkError } from "../error.js";
import { type Address, hostAndPort } from "../topology/topology.js";

/** An address that a process is about to listen on, and whose it is. */
export interface WantedAddress {
  readonly address: Address;
  readonly owner: Words;
}

/** Checks that nothing listens on these addresses yet. Throws `PORT_IN_USE` with all that are taken. */
export async function expectFree(wanted: readonly WantedAddress[]): Promise<void> {
  const taken: WantedAddress[] = [];
  for (const one of wanted) if (!(await isFree(one.address))) taken.push(one);
  if (taken.length === 0) return;
  const zh = taken.map(({ address, owner }) => `${address}（${owner.zh}）`).join("、");
  const en = taken.map(({ address, owner }) => `${address} (${owner.en})`).join(", ");
  throw new NetworkError(
    "PORT_IN_USE",
    {
      zh: `另有程序占用 ${zh}；请停掉它，或在另一目录用另外的端口建立试点（--data DIR --ports N）。`,
      en: `Another program listens on ${en}; stop it, or set the pilot up in another folder with other ports (--data DIR --ports N).`,
    },
    { details: { addresses: taken.map(({ address }) => address) } },
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
          new NetworkError(
            "PORT_IN_USE",
            {
              zh: `无法监听 ${address}：${error.message}。`,
              en: `${address} cannot be listened on: ${error.message}.`,
            },
            { details: { address }, cause: error },
          ),
        );
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
