import { Link, linkOptions, Outlet } from "@tanstack/react-router";
import { timeText } from "@wanlian/words/index.js";
import { Alert, Button, Drawer, Modal, Skeleton } from "antd";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { Department } from "../parts/names.tsx";
import { useLiveLedger } from "../session/events.ts";
import { useModel, useStatus } from "../session/ledger.ts";
import { useOfficer, useSession } from "../session/session.tsx";
import { changeColours, useColours } from "./colours.ts";
import { changeLanguage, otherLanguage, useWords } from "./language.ts";
import { useReachableTables } from "./scrolling.ts";

const logIn = () => import("../session/log-in.tsx");
/** With the forms that it is made of: whoever is logged in does not wait for them. */
const LogIn = lazy(async () => ({ default: (await logIn()).LogIn }));

/** By then the first page stands. */
const QUIET_MS = 10_000;

const PLACES = [
  { path: "/", word: "nav.toDo", link: linkOptions({ to: "/" }) },
  { path: "/catalogue", word: "nav.catalogue", link: linkOptions({ to: "/catalogue" }) },
  { path: "/cases/application", word: "nav.applications", link: casesOf("application") },
  { path: "/cases/objection", word: "nav.objections", link: casesOf("objection") },
  { path: "/cases/demand", word: "nav.demands", link: casesOf("demand") },
  { path: "/data", word: "nav.data", link: linkOptions({ to: "/data" }) },
  { path: "/compare", word: "nav.compare", link: linkOptions({ to: "/compare" }) },
  { path: "/quick-check", word: "nav.quickCheck", link: linkOptions({ to: "/quick-check" }) },
  { path: "/use", word: "nav.use", link: linkOptions({ to: "/use" }) },
  { path: "/warnings", word: "nav.warnings", link: linkOptions({ to: "/warnings" }) },
  { path: "/cases/incident", word: "nav.incidents", link: casesOf("incident"), noun: "incident" },
  { path: "/usage", word: "nav.usage", link: linkOptions({ to: "/usage" }), noun: "usage" },
  { path: "/city-use", word: "nav.cityUse", link: linkOptions({ to: "/city-use" }), noun: "usage" },
  { path: "/supervision", word: "nav.supervision", link: linkOptions({ to: "/supervision" }), noun: "evaluation" },
  { path: "/trace", word: "nav.trace", link: linkOptions({ to: "/trace" }) },
  { path: "/ledger", word: "nav.ledger", link: linkOptions({ to: "/ledger" }) },
  { path: "/key", word: "nav.key", link: linkOptions({ to: "/key" }) },
] as const;

function casesOf(noun: string) {
  return linkOptions({ to: "/cases/$noun", params: { noun } });
}

/** Whoever is not logged in sees the log-in, and nothing behind it. Whose session ended keeps what was on the page. */
export function Gate() {
  const { session, isKnown, hasEnded } = useSession();
  const { t } = useWords();
  if (!isKnown) return null;
  if (session === undefined) {
    return (
      <main className="gate">
        <Coming>
          <LogIn />
        </Coming>
      </main>
    );
  }
  return (
    <>
      <Shell />
      <Modal open={hasEnded} footer={null} closable={false} title={t("logIn.again")} destroyOnHidden>
        <Coming>
          <LogIn officer={session.officer} />
        </Coming>
      </Modal>
    </>
  );
}

const Coming = ({ children }: { readonly children: ReactNode }) => (
  <Suspense fallback={<Skeleton active aria-busy="true" />}>{children}</Suspense>
);

function Shell() {
  const { t } = useWords();
  // While nobody waits for it: when the session ends, the node may be gone that would have to send it.
  useEffect(() => {
    const asked = setTimeout(() => void logIn().catch(() => undefined), QUIET_MS);
    return () => clearTimeout(asked);
  }, []);
  const status = useStatus().data;
  const connection = useLiveLedger();
  useReachableTables();
  const [wrong] = status?.conditions ?? [];
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("app.skip")}
      </a>
      <TopBar />
      <div className="columns">
        <nav className="side" aria-label={t("app.menu")}>
          <Places />
        </nav>
        <main className="main" id="main">
          <div className="stack">
            {connection === "lost" ? <Alert type="warning" showIcon title={t("app.reconnecting")} /> : null}
            {status?.demo === true ? <Demo time={status.ledgerTime} /> : null}
            {wrong === undefined ? null : (
              <Alert type="warning" showIcon title={t("app.condition", { why: wrong.title })} />
            )}
          </div>
          <Outlet />
        </main>
      </div>
    </div>
  );
}

/** A demonstration's time is not the world's: every page says so. */
function Demo({ time }: { readonly time: string | undefined }) {
  const { t, language } = useWords();
  const now = time === undefined ? undefined : t("app.ledgerTime", { time: timeText(time, language) });
  return (
    <Alert
      type="info"
      banner
      title={
        <span className="row">
          <span>{t("app.demo")}</span>
          <strong>{now}</strong>
        </span>
      }
    />
  );
}

function TopBar() {
  const { t, language, words } = useWords();
  const other = otherLanguage(language);
  const colours = useColours();
  const { logOut } = useSession();
  const officer = useOfficer();
  const [isOpen, setOpen] = useState(false);
  return (
    <header className="bar">
      <Button className="narrow-only" onClick={() => setOpen(true)} aria-expanded={isOpen}>
        {t("app.menu")}
      </Button>
      <span className="mark">
        <img src="/mark.svg" alt="" width="26" height="26" />
        {t("app.name")}
      </span>
      <span>
        <Department id={officer.department} />
      </span>
      <span className="spread" />
      <span className="quiet">
        {officer.officer} {officer.roles.map((role) => words.role(role)).join(language === "zh" ? "、" : ", ")}
      </span>
      <Button
        type="text"
        aria-pressed={colours === "dark"}
        onClick={() => changeColours(colours === "dark" ? "light" : "dark")}
      >
        {t("app.dark")}
      </Button>
      <Button type="text" lang={other.language} onClick={() => changeLanguage(other.language)}>
        {other.name}
      </Button>
      <Button onClick={() => logOut()}>{t("app.logOut")}</Button>
      <Drawer open={isOpen} onClose={() => setOpen(false)} placement="left" size={260} title={t("app.menu")}>
        <nav aria-label={t("app.menu")}>
          <Places chosen={() => setOpen(false)} />
        </nav>
      </Drawer>
    </header>
  );
}

/** Where one can go. Links and nothing else: each is reached and named like any link. */
function Places({ chosen }: { readonly chosen?: () => void }) {
  const { t } = useWords();
  const nouns = useModel().data;
  // What only later rules know is no place while others are in force.
  const places = PLACES.filter((place) => !("noun" in place) || nouns?.has(place.noun) === true);
  return (
    <ul className="menu">
      {places.map((place) => (
        <li key={place.path}>
          <Link
            {...place.link}
            activeOptions={{ exact: place.path === "/", includeSearch: false }}
            {...(chosen === undefined ? {} : { onClick: chosen })}
          >
            {t(place.word)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
