import type { Desk } from "../host/desk.js";

interface CaseRef {
  readonly noun: string;
  readonly case: string;
}

interface BasisEntry extends CaseRef {
  readonly act: number;
  readonly transaction: string;
  readonly next: number;
}

interface Found {
  readonly act: number;
  readonly transactionId: string;
  readonly next: number;
}

const COLLECTIONS: Readonly<Record<string, string>> = {
  application: "applications",
  dataset: "datasets",
  member: "members",
  objection: "objections",
  release: "releases",
};

/** The basis of a call to a contract: where the policy, the clock and these cases stand, as the officer's node has them. */
export async function basisOf(desk: Desk, refs: readonly CaseRef[]): Promise<BasisEntry[]> {
  const all = [...refs, { noun: "policy", case: "policy" }, { noun: "clock", case: "clock" }];
  return Promise.all(
    all.map(async (ref) => {
      const { case: found } = await desk.get<{ case: Found }>(routeOf(ref));
      return { ...ref, act: found.act, transaction: found.transactionId, next: found.next };
    }),
  );
}

function routeOf({ noun, case: id }: CaseRef): string {
  const collection = COLLECTIONS[noun];
  return collection === undefined ? noun : `${collection}/${id}`;
}
