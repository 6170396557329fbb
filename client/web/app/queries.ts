import { QueryClient } from "@tanstack/react-query";
import { Refusal } from "../session/api.ts";

const TRIES = 3;

/** A refusal is an answer; only what did not come is asked for again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What a block changes is renewed when the page is seen again (session/events.ts).
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < TRIES && error instanceof Refusal && error.code === "NODE_UNREACHABLE",
    },
  },
});
