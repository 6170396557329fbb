/** A room that guards something: what it is made of, and the tests that hold it. None of them starts a process. */
export interface Room {
  /** Folders of what the compiler wrote, from the repository's root; a name with `.js` is one file. */
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  /** Parts of titles of tests that read the compiled text itself, which is another with mutants in it. */
  readonly readers?: readonly string[];
}

export const ROOMS: Readonly<Record<string, Room>> = {
  model: {
    sources: ["chaincode/model/dist"],
    tests: ["test/dist/model", "test/dist/log/merkle.test.js", "test/dist/log/checkpoint.test.js"],
    readers: ["each line that refuses does so in one of them", "shows the permissions that hold"],
  },
  contracts: {
    sources: [
      ...["contracts", "endorser.js", "ledger-context.js", "void-cases.js", "service.js"].map(
        (part) => `chaincode/dist/${part}`,
      ),
    ],
    tests: ["test/dist/chaincode"],
  },
  protocol: { sources: ["protocol/dist"], tests: ["test/dist/protocol", "test/dist/vectors"] },
  "embedded-ledger": { sources: ["network/dist/embedded/ledger"], tests: ["test/dist/ledger", "test/dist/vectors"] },
  fold: {
    sources: ["client/dist/fold", "client/dist/projection"],
    tests: ["test/dist/client/fold", "test/dist/client/projection"],
  },
  filing: { sources: ["client/dist/submission"], tests: ["test/dist/client/submission"] },
  exchange: {
    sources: ["client/dist/exchange", "client/dist/transport", "client/dist/access", "client/dist/tables"],
    tests: ["test/dist/exchange", "test/dist/access", "test/dist/running/fsck.test.js"],
  },
  log: {
    sources: ["client/dist/log", "client/dist/ledger-tree"],
    tests: [
      ...["test/dist/log", "test/dist/ledger-tree", "test/dist/evidence/ledger-tree.test.js"],
      ...[
        "test/dist/running/fsck.test.js",
        "test/dist/running/fsck-bounds.test.js",
        "test/dist/access/formats.test.js",
      ],
    ],
  },
  evidence: {
    sources: ["client/verify/dist", "client/dist/evidence"],
    tests: ["test/dist/evidence", "test/dist/audit/filter.test.js"],
  },
  audit: {
    sources: ["client/dist/audit"],
    tests: ["test/dist/audit", "test/dist/calls/audit.test.js", "test/dist/access/formats.test.js"],
  },
  api: {
    sources: ["client/dist/api", "client/dist/keys"],
    tests: ["test/dist/client/api", "test/dist/client/keys"],
  },
  administration: {
    sources: ["network/dist/administration", "network/dist/channel"],
    tests: [
      "test/dist/network/plan.test.js",
      "test/dist/network/channel.test.js",
      "test/dist/network/topology.test.js",
      "test/dist/network/complaints.test.js",
      "test/dist/network/consenters.test.js",
      "test/dist/network/drift.test.js",
      "test/dist/network/carry-out.test.js",
      "test/dist/network/done-once.test.js",
      "test/dist/network/observing.test.js",
      "test/dist/network/calls.test.js",
      "test/dist/network/in-process",
      "test/dist/network/peer/package.test.js",
      "test/dist/network/peer/planning.test.js",
    ],
  },
};
