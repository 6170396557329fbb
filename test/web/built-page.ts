import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the page as it was built. */
export const BUILT_PAGE = dirname(fileURLToPath(import.meta.resolve("@wanlian/web/page/index.html")));
