import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { API_ROOT, callRoute } from "./api.ts";
import { useSession } from "./session.tsx";

/** Several blocks in a row are one change to what is shown. */
const SETTLE_MS = 150;

/**
 * What never changes, however the ledger grows; and what somebody decides by, which has to stay as it was when they
 * began: what moved meanwhile, the filing is refused for.
 */
const FIXED: ReadonlySet<unknown> = new Set([
  "session",
  "model",
  "begun",
  "preview",
  "import",
  "import-tried",
  "to-publish",
  "to-state",
]);

/** Who has leafed so far through a list has it as it was: asking for all of it anew at each block would be a flood. */
const MOST_PAGES_RENEWED = 4;

/** The names of more datasets than one answer has are renewed in their own time. */
const MOST_NAMES_RENEWED = 200;

function isLeafedThrough(data: unknown): boolean {
  if (data instanceof Map) return data.size > MOST_NAMES_RENEWED;
  const pages: unknown = Reflect.get(Object(data), "pages");
  return Array.isArray(pages) && pages.length > MOST_PAGES_RENEWED;
}

/** Asks anew for whatever a block can have changed. */
export function renewLedger(queries: QueryClient): void {
  const canHaveChanged = ({ queryKey, state }: Query) => !FIXED.has(queryKey[0]) && !isLeafedThrough(state.data);
  void queries.invalidateQueries({ predicate: canHaveChanged });
}

/** How soon a node is asked again that has ended the connection for good. */
const AGAIN_MS = 2_000;

/**
 * Keeps what is shown as the ledger has it: whatever a block changes is asked for again. One connection a tab, and only
 * while the tab is seen: a browser gives one origin six. A node that was gone has forgotten who was logged in: it is
 * asked, so that the log-in comes up by itself, and followed again once somebody is.
 */
export function useLiveLedger(): "connected" | "lost" {
  const queries = useQueryClient();
  const { hasEnded } = useSession();
  const [connection, setConnection] = useState<"connected" | "lost">("connected");
  useEffect(() => {
    if (hasEnded) return;
    let source: EventSource | undefined;
    let settling: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let isLost = false;
    const renew = () => {
      settling ??= setTimeout(() => {
        settling = undefined;
        // Whoever has filed waits for one answer, which would stand behind all of these at the node.
        if (queries.isMutating() > 0) renew();
        else renewLedger(queries);
      }, SETTLE_MS);
    };
    const follow = () => {
      const opened = new EventSource(`${API_ROOT}/events`);
      source = opened;
      opened.addEventListener("open", () => {
        setConnection("connected");
        // What came meanwhile was told to nobody.
        if (isLost) renew();
        isLost = false;
      });
      opened.addEventListener("error", () => {
        isLost = true;
        setConnection("lost");
        // A connection that breaks is tried anew by the browser; one that is refused is not.
        if (opened.readyState !== EventSource.CLOSED) return;
        void callRoute("GET", "/sessions/current").catch(() => undefined);
        again = setTimeout(follow, AGAIN_MS);
      });
      opened.addEventListener("block", renew);
    };
    const leave = () => {
      clearTimeout(again);
      source?.close();
    };
    const seen = () => {
      leave();
      if (document.visibilityState === "hidden") return;
      follow();
      renew();
    };
    follow();
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      clearTimeout(settling);
      leave();
      setConnection("connected");
    };
  }, [queries, hasEnded]);
  return connection;
}
