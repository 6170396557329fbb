import { useSyncExternalStore } from "react";

const KEPT_AS = "wanlian.colours";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export type Colours = "light" | "dark";

/** The reader's own choice, else the system's. */
function currentColours(): Colours {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept === "light" || kept === "dark") return kept;
  return system.matches ? "dark" : "light";
}

export function changeColours(colours: Colours): void {
  localStorage.setItem(KEPT_AS, colours);
  for (const changed of listeners) changed();
}

const listen = (changed: () => void): (() => void) => {
  listeners.add(changed);
  system.addEventListener("change", changed);
  return () => {
    listeners.delete(changed);
    system.removeEventListener("change", changed);
  };
};

export const useColours = (): Colours => useSyncExternalStore(listen, currentColours);
