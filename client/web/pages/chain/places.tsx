import { Link, useRouterState } from "@tanstack/react-router";
import { useWords } from "../../app/language.ts";

const PLACES = [
  { to: "/ledger", word: "ledger.overview" },
  { to: "/ledger/blocks", word: "ledger.blocks" },
  { to: "/ledger/consortium", word: "ledger.consortium" },
  { to: "/ledger/rules", word: "ledger.rules" },
  { to: "/ledger/software", word: "ledger.software" },
] as const;

/** The parts of the ledger's pages, each with an address of its own. */
export function LedgerPlaces() {
  const { t } = useWords();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <nav className="row places no-print" aria-label={t("ledger.title")}>
      {PLACES.map(({ to, word }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true }}
          {...(path === to ? { "aria-current": "page" as const } : {})}
        >
          {t(word)}
        </Link>
      ))}
    </nav>
  );
}
