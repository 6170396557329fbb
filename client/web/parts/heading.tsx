import { type ReactNode, useEffect } from "react";
import { useWords } from "../app/language.ts";

interface HeadingProps {
  /** In words alone, for the browser's tabs and its history. */
  readonly title: string;
  readonly className?: string;
  /** What stands on the page where it is more than the title. */
  readonly children?: ReactNode;
}

/** What a page is about: on its top, and on its tab (WCAG 2.4.2). */
export function Heading({ title, className, children = title }: HeadingProps) {
  const { t } = useWords();
  const tab = `${title} – ${t("app.name")}`;
  useEffect(() => {
    document.title = tab;
  }, [tab]);
  return <h1 className={className}>{children}</h1>;
}
