import { type Static, Type } from "typebox";
import { openCheckpoint, openExtension } from "../../checkpoint.js";
import { ensure } from "../../errors.js";
import { Digest, Instant, type MspId } from "../../identifiers.js";
import { MAX_COUNT } from "../../kernel/schema.js";
import { MAX_PROOF_HASHES } from "../../merkle.js";
import { parseVerifierKey, type VerifierKey } from "../../note.js";
import { closed, count, Text } from "../limits.js";
import { by, commandsOf, defineNoun, NONE } from "../table.js";

/** A department that loses its log so often has another problem. */
const MAX_LOGS = 100;
/** A C2SP checkpoint with one signature has some 250 characters. */
const MAX_CHECKPOINT = 2000;
const Checkpoint = Type.String({ minLength: 1, maxLength: MAX_CHECKPOINT });
/** `name+id+key` (C2SP signed notes); the name is the log's origin, `<channel>/log/<MSP id>`. */
const LogKey = Type.String({ minLength: 1, maxLength: 300 });

/** The key with a checkpoint of the tree as it stands, signed with it: proof that the node has it. */
export const OpenLog = closed({ key: LogKey, checkpoint: Checkpoint });
export const RotateLogKey = closed({ key: LogKey, checkpoint: Checkpoint });

/** The tree over the ledger itself, one leaf a block, as of the blocks that the node had. */
const LedgerTree = closed({ blocks: count(), root: Digest });

/** As `OpenLog`, with why: the log that the ledger has cannot go on. */
export const BeginLogAnew = closed({ key: LogKey, checkpoint: Checkpoint, reasons: Text });

export const AnchorLog = closed({
  /** The signed note, whole: origin, size, root, signature. */
  checkpoint: Checkpoint,
  /** RFC 6962 §2.1.2, from the last anchored size to this one; empty for the first and where the size is the same. */
  consistency: Type.Array(Digest, { maxItems: MAX_PROOF_HASHES }),
  ledger: LedgerTree,
});
export type AnchorLog = Static<typeof AnchorLog>;

export const LogState = closed({
  status: Type.Enum(["open"]),
  key: LogKey,
  size: count(),
  root: Digest,
  /** The time of the last anchor; the log is late once it is old and the tree has grown. */
  anchored: Type.Optional(Instant),
  anchors: count(),
  ledger: Type.Optional(LedgerTree),
  /** Logs that ended with their last anchor because they could not go on, and the records anchored in them. */
  former: Type.Optional(closed({ logs: count(MAX_LOGS), records: count() })),
});
export type LogState = Static<typeof LogState>;

/** Root and size as the checkpoint code takes them. */
const treeHead = (state: LogState) => ({ size: state.size, root: Buffer.from(state.root, "hex") });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex") as Digest;

const command = commandsOf<LogState>();

/** 访问日志: a node's transparency log of accesses, anchored on the ledger. */
export const log = defineNoun<LogState>({
  name: "log",
  title: { zh: "调用日志", en: "log" },
  identity: "department",
  statuses: ["open"],
  state: LogState,
  pace: "unpaced",
  commands: {
    open: command({
      summary: "announce the node's log: its origin and its key",
      body: OpenLog,
      from: [NONE],
      to: ["open"],
      by: by("self", "node"),
      apply({ body, actor }) {
        return { ...begun(body, actor.department, 1), anchors: 0 };
      },
    }),
    beginAnew: command({
      summary: "end a log that cannot go on, its disk or key lost, at its last anchor, and begin another",
      body: BeginLogAnew,
      from: ["open"],
      to: ["open"],
      by: by("self", "administrator"),
      when({ current: { former } }) {
        ensure((former?.logs ?? 0) < MAX_LOGS, "LIMIT_REACHED", `${MAX_LOGS} logs were begun`);
      },
      apply({ body, current, actor }) {
        const { former = { logs: 0, records: 0 }, size, anchors, ledger } = current;
        const logs = former.logs + 1;
        return {
          ...begun(body, actor.department, logs + 1),
          anchors,
          ...(ledger === undefined ? {} : { ledger }),
          former: { logs, records: Math.min(MAX_COUNT, former.records + size) },
        };
      },
    }),
    rotate: command({
      summary: "let another key sign the log's checkpoints from now on",
      body: RotateLogKey,
      from: ["open"],
      to: ["open"],
      by: by("self", "administrator"),
      apply({ body, current, actor }) {
        const key = keyOf(body.key, actor.department, ordinalOf(current));
        openExtension({ note: body.checkpoint, proof: [] }, treeHead(current), key);
        return { ...current, key: body.key };
      },
    }),
    anchor: command({
      summary: "anchor the log's checkpoint, proven to extend the last, and the root of the ledger tree",
      body: AnchorLog,
      from: ["open"],
      to: ["open"],
      by: by("self", "node"),
      apply({ body, current, time, actor }) {
        const proof = body.consistency.map((digest) => Buffer.from(digest, "hex"));
        const key = keyOf(current.key, actor.department, ordinalOf(current));
        const { size, root } = openExtension({ note: body.checkpoint, proof }, treeHead(current), key);
        const { ledger } = current;
        ensure(
          !ledger || body.ledger.blocks >= ledger.blocks,
          "BAD_PROOF",
          `the ledger tree was anchored with ${ledger?.blocks} blocks; it cannot shrink`,
        );
        ensure(
          ledger?.blocks !== body.ledger.blocks || ledger.root === body.ledger.root,
          "BAD_PROOF",
          "the ledger tree had another root with as many blocks",
        );
        return { ...current, size, root: hex(root), anchored: time, anchors: current.anchors + 1, ledger: body.ledger };
      },
    }),
  },
  relations: ({ ref, actor }) => (ref.case === actor.department ? ["self"] : []),
  describe: (ref, state) => ({
    status: state.status,
    parties: [{ department: ref.case as MspId, relation: "self" }],
    deadlines: [],
    references: [{ noun: "member", case: ref.case }],
  }),
});

/** A log's beginning: empty, signed with its key. @throws LedgerError BAD_PROOF, NOT_OWNER */
function begun({ key, checkpoint }: Static<typeof OpenLog>, department: MspId, ordinal: number) {
  const { size, root } = openCheckpoint(checkpoint, keyOf(key, department, ordinal));
  ensure(size === 0, "BAD_PROOF", `a log begins empty, not with ${size} records`);
  return { status: "open", key, size, root: hex(root) } as const;
}

/** Which of the department's logs it is. */
export const ordinalOf = ({ former }: Pick<LogState, "former">): number => (former?.logs ?? 0) + 1;

/** How a department's log is named, behind the channel's name: no two can be taken for each other. */
export const logName = (department: string, ordinal: number): string =>
  ordinal === 1 ? `log/${department}` : `log/${department}/${ordinal}`;

function keyOf(key: string, department: MspId, ordinal: number): VerifierKey {
  const parsed = parseVerifierKey(key);
  const name = logName(department, ordinal);
  ensure(parsed.name.endsWith(`/${name}`), "NOT_OWNER", `"${parsed.name}" is not ${department}'s ${name}`);
  return parsed;
}
