import { cpus, loadavg, totalmem } from "node:os";

/** Where a benchmark ran: no figure means anything without it. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly node: string;
  /** Processes that wanted a core in the minute before the benchmark: above 1, others disturbed it. */
  readonly loadBefore: number;
}

export function thisMachine(): Machine {
  const cores = cpus();
  return {
    processor: cores[0]?.model ?? "unknown",
    cores: cores.length,
    memory: totalmem(),
    node: process.versions.node,
    loadBefore: loadavg()[0] ?? 0,
  };
}

export function describeMachine({ processor, cores, memory, node, loadBefore }: Machine): string {
  const disturbed = loadBefore > 1 ? "; the machine was busy with other things, so times are too long" : "";
  return `${cores} cores (${processor}), ${Math.round(memory / 2 ** 30)} GB, Node ${node}, load before ${loadBefore.toFixed(1)}${disturbed}`;
}
