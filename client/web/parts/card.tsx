import type { ReactNode } from "react";

interface CardProps {
  readonly title?: ReactNode;
  /** What stands at the end of the title's line. */
  readonly extra?: ReactNode;
  readonly size?: "small";
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of a page. Ant Design's own brings its tabs, menus and their styles along, on the first page already. */
export function Card({ title, extra, size, className, children }: CardProps) {
  const kinds = ["card", size === undefined ? undefined : "card-small", className].filter((kind) => kind !== undefined);
  return (
    <section className={kinds.join(" ")}>
      {title === undefined && extra === undefined ? null : (
        <div className="card-head">
          {title}
          {extra === undefined ? null : <div>{extra}</div>}
        </div>
      )}
      <div className="card-body">{children}</div>
    </section>
  );
}
