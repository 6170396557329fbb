import type { MspId } from "@wanlian/model/identifiers.js";
import type { AccessIndex, FiledRecord, RecordLog } from "../../access/index.js";
import type { Deliveries } from "./deliveries.js";

/** Positions looked up at a time. */
const PAGE = 1000;

export interface UndeliveredParts {
  readonly department: MspId;
  readonly log: RecordLog;
  readonly index: AccessIndex;
  readonly deliveries: Deliveries;
}

/** Finds in the node's own log the records that it got as consumer and whose provider has not acknowledged a receipt. */
export class Undelivered {
  readonly #parts: UndeliveredParts;
  #from: number | undefined = 0;

  constructor(parts: UndeliveredParts) {
    this.#parts = parts;
  }

  /** What stands at `position` or later is to be looked at again. */
  lookFrom(position: number): void {
    this.#from = Math.min(this.#from ?? position, position);
  }

  /** Some of them, in order; none once the whole log was looked at. @throws LogError LOG_DAMAGED */
  async next(): Promise<FiledRecord[]> {
    const { deliveries } = this.#parts;
    while (this.#from !== undefined) {
      const from = await deliveries.firstOpen(this.#from);
      this.#from = undefined;
      const found = await this.#page(from);
      if (found.length > 0) return found;
    }
    return [];
  }

  async #page(from: number): Promise<FiledRecord[]> {
    const { department, log, index, deliveries } = this.#parts;
    const { size } = log.reader().head;
    await index.catchUp();
    const positions = (await index.positions({ consumer: department }, from, PAGE)).filter((at) => at < size);
    const whole = positions.length < PAGE;
    const found: FiledRecord[] = [];
    let done = from;
    for (const position of positions) {
      // What lies between is another department's to countersign.
      await deliveries.settle(done, position);
      done = position + 1;
      if (!(await deliveries.isOpen(position))) continue;
      const filed = await log.find(position);
      // An officer's question as auditor: it needs none.
      if (filed === undefined) await deliveries.settle(position);
      else found.push(filed);
    }
    if (whole) await deliveries.settle(done, size);
    else this.lookFrom(done);
    return found;
  }
}
