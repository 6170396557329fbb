import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { timeText } from "@wanlian/words/index.js";
import { Alert, Button, Drawer, Menu, Modal } from "antd";
import { useState } from "react";
import { Department } from "../parts/names.tsx";
import { useLiveLedger } from "../session/events.ts";
import { useStatus } from "../session/ledger.ts";
import { LogIn } from "../session/log-in.tsx";
import { useOfficer, useSession } from "../session/session.tsx";
import { changeColours, useColours } from "./colours.ts";
import { changeLanguage, otherLanguage, useWords } from "./language.ts";

const PLACES = [
  { key: "/", word: "nav.toDo" },
  { key: "/catalogue", word: "nav.catalogue" },
  { key: "/cases/application", noun: "application", word: "nav.applications" },
  { key: "/cases/objection", noun: "objection", word: "nav.objections" },
  { key: "/cases/demand", noun: "demand", word: "nav.demands" },
  { key: "/data", word: "nav.data" },
  { key: "/use", word: "nav.use" },
  { key: "/trace", word: "nav.trace" },
  { key: "/ledger", word: "nav.ledger" },
  { key: "/key", word: "nav.key" },
] as const;

/** Whoever is not logged in sees the log-in, and nothing behind it. Whose session ended keeps what was on the page. */
export function Gate() {
  const { session, isKnown, hasEnded } = useSession();
  const { t } = useWords();
  if (!isKnown) return null;
  if (session === undefined) {
    return (
      <main className="gate">
        <LogIn />
      </main>
    );
  }
  return (
    <>
      <Shell />
      <Modal open={hasEnded} footer={null} closable={false} title={t("logIn.again")} destroyOnHidden>
        <LogIn officer={session.officer} />
      </Modal>
    </>
  );
}

function Shell() {
  const { t, language } = useWords();
  const status = useStatus().data;
  const connection = useLiveLedger();
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
            {status?.demo === true ? (
              <Alert
                type="info"
                banner
                title={t("app.demo")}
                description={
                  status.ledgerTime === undefined
                    ? undefined
                    : t("app.ledgerTime", { time: timeText(status.ledgerTime, language) })
                }
              />
            ) : null}
            {status === undefined || status.ready || wrong === undefined ? null : (
              <Alert type="warning" showIcon title={t("app.notReady", { why: wrong.message })} />
            )}
          </div>
          <Outlet />
        </main>
      </div>
    </div>
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

function Places({ chosen }: { readonly chosen?: () => void }) {
  const { t } = useWords();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const here = PLACES.filter(({ key }) => (key === "/" ? path === "/" : path.startsWith(key))).map(({ key }) => key);
  return (
    <Menu
      mode="inline"
      selectedKeys={here}
      onClick={() => chosen?.()}
      items={PLACES.map((place) => ({ key: place.key, label: <Place {...place}>{t(place.word)}</Place> }))}
    />
  );
}

function Place({ children, ...place }: (typeof PLACES)[number] & { readonly children: string }) {
  return "noun" in place ? (
    <Link to="/cases/$noun" params={{ noun: place.noun }}>
      {children}
    </Link>
  ) : (
    <Link to={place.key}>{children}</Link>
  );
}
