import type { Language, Words } from "@wanlian/protocol/language.js";
import type { Command } from "commander";
import type { Network } from "../administration/network.js";
import type { Topology } from "../topology/topology.js";

/** Where a command's words go. */
export interface Output {
  write(text: string): unknown;
}

/** What every command gets. */
export interface Surroundings {
  readonly out: Output;
  readonly language: Language;
  /** The text in the language of this command line. */
  t(text: Words): string;
  readonly json: boolean;
  /** The folder of the topology file. */
  readonly base: string;
  readonly topologyFile: string;
  topology(): Promise<Topology>;
  /** Opens the topology's network for the time of the work. */
  withNetwork<T>(work: (network: Network) => Promise<T>): Promise<T>;
}

/** Adds commands to the program, described by `t` in the reader's language. */
export type CommandGroup = (program: Command, t: (text: Words) => string, surroundings: () => Surroundings) => void;
