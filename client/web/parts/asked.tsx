import type { UseQueryResult } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useWords } from "../app/language.ts";
import { Failure } from "./failure.tsx";

/** What was asked of the node: on its way, refused, or there. What is there stays while it is asked for anew. */
export function Asked<T>({
  query,
  children,
}: {
  readonly query: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
}) {
  const { t } = useWords();
  if (query.data !== undefined) return children(query.data);
  if (query.error === null) return <Skeleton active aria-busy="true" />;
  return <Failure error={query.error} action={<Button onClick={() => query.refetch()}>{t("do.retry")}</Button>} />;
}
