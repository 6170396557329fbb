import { useEffect } from "react";

/** What Ant Design scrolls sideways where a table is wider than the screen. */
const TABLES = ".ant-table-content";

/** Whoever has no mouse reaches what is beyond the edge of a wide table by the keyboard (WCAG 2.1.1). */
export function useReachableTables(): void {
  useEffect(() => {
    const mark = () => {
      for (const table of document.querySelectorAll<HTMLElement>(TABLES)) {
        if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
        else table.removeAttribute("tabindex");
      }
    };
    const changes = new MutationObserver(mark);
    changes.observe(document.body, { childList: true, subtree: true });
    addEventListener("resize", mark);
    return () => {
      changes.disconnect();
      removeEventListener("resize", mark);
    };
  }, []);
}
