import type { BuildOptions } from "esbuild";

/** What esbuild needs so that the verifier runs in a browser: the two things of Node's that it uses come from here. */
export declare const forBrowser: Pick<BuildOptions, "platform" | "format" | "target" | "bundle" | "alias" | "inject">;
