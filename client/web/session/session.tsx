import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { answered, api, onSessionEnd, Refusal, type Schemas } from "./api.ts";

export type Session = Schemas["Session"];

/** Every open tab of the node hears when one of them logs in or out. */
const tabs = new BroadcastChannel("wanlian.session");

interface SessionState {
  /** Undefined before anybody logged in; kept when it ended, so that the page stays as it was under the log-in. */
  readonly session: Session | undefined;
  readonly hasEnded: boolean;
  readonly isKnown: boolean;
  begun(): void;
  logOut(): Promise<void>;
}

const SessionContext = createContext<SessionState | undefined>(undefined);

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [hasEnded, setEnded] = useState(false);
  const current = useQuery({ queryKey: ["session"], queryFn: currentSession, retry: false, staleTime: Infinity });

  useEffect(() => onSessionEnd(() => setEnded(true)), []);
  useEffect(() => {
    const hear = ({ data }: MessageEvent<unknown>) => {
      if (data === "ended") setEnded(true);
      if (data === "begun") void queries.invalidateQueries().then(() => setEnded(false));
    };
    tabs.addEventListener("message", hear);
    return () => tabs.removeEventListener("message", hear);
  }, [queries]);

  const state: SessionState = {
    session: current.data ?? undefined,
    hasEnded,
    isKnown: !current.isPending,
    begun() {
      void queries.invalidateQueries().then(() => setEnded(false));
      tabs.postMessage("begun");
    },
    async logOut() {
      await api.DELETE("/sessions/current");
      setEnded(true);
      tabs.postMessage("ended");
      queries.clear();
      queries.setQueryData(["session"], null);
    },
  };
  return <SessionContext value={state}>{children}</SessionContext>;
}

export function useSession(): SessionState {
  const state = use(SessionContext);
  if (state === undefined) throw new Error("there is no SessionProvider");
  return state;
}

/** Who is logged in, on pages that only an officer sees. */
export function useOfficer(): Session {
  const { session } = useSession();
  if (session === undefined) throw new Error("nobody is logged in");
  return session;
}

async function currentSession(): Promise<Session | null> {
  try {
    return (await answered(api.GET("/sessions/current"))).session;
  } catch (error) {
    if (error instanceof Refusal && error.code === "NOT_LOGGED_IN") return null;
    throw error;
  }
}
