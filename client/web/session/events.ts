import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { API_ROOT } from "./api.ts";

/** Several blocks in a row are one change to what is shown. */
const SETTLE_MS = 150;

/**
 * What never changes, however the ledger grows; and what somebody decides by, which has to stay as it was when they
 * began: what moved meanwhile, the filing is refused for.
 */
const FIXED: ReadonlySet<unknown> = new Set(["session", "model", "begun", "preview", "import", "import-tried"]);

/** Who has leafed so far through a list has it as it was: asking for all of it anew at each block would be a flood. */
const MOST_PAGES_RENEWED = 4;

function isLeafedThrough(data: unknown): boolean {
  const pages: unknown = Reflect.get(Object(data), "pages");
  return Array.isArray(pages) && pages.length > MOST_PAGES_RENEWED;
}

/** Asks anew for whatever a block can have changed. */
export function renewLedger(queries: QueryClient): void {
  const canHaveChanged = ({ queryKey, state }: Query) => !FIXED.has(queryKey[0]) && !isLeafedThrough(state.data);
  void queries.invalidateQueries({ predicate: canHaveChanged });
}

/**
 * Keeps what is shown as the ledger has it: whatever a block changes is asked for again. One connection a tab, and only
 * while the tab is seen: a browser gives one origin six.
 */
export function useLiveLedger(): "connected" | "lost" {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<"connected" | "lost">("connected");
  useEffect(() => {
    let source: EventSource | undefined;
    let settling: ReturnType<typeof setTimeout> | undefined;
    const renew = () => {
      settling ??= setTimeout(() => {
        settling = undefined;
        renewLedger(queries);
      }, SETTLE_MS);
    };
    const follow = () => {
      source = new EventSource(`${API_ROOT}/events`);
      source.addEventListener("open", () => setConnection("connected"));
      source.addEventListener("error", () => setConnection("lost"));
      source.addEventListener("block", renew);
    };
    const seen = () => {
      source?.close();
      if (document.visibilityState === "hidden") return;
      follow();
      renew();
    };
    follow();
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      clearTimeout(settling);
      source?.close();
    };
  }, [queries]);
  return connection;
}
