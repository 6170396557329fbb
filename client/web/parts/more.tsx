import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useWords } from "../app/language.ts";
import { callRoute } from "../session/api.ts";
import type { Page } from "../session/ledger.ts";

const PAGE_SIZE = 50;

/** A list of the API, page after page; nothing while its address is not known. */
export function useList<T>(path: string | undefined, query: Readonly<Record<string, string | undefined>> = {}) {
  return useInfiniteQuery({
    queryKey: ["list", path, query],
    enabled: path !== undefined,
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      callRoute<Page<T>>("GET", `${path ?? ""}?${parameters({ ...query, cursor: pageParam })}`),
    getNextPageParam: ({ next }) => next,
    // A long list is not compared with itself row by row each time that more of it comes.
    structuralSharing: false,
  });
}

function parameters(query: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const given = Object.entries({ limit: String(PAGE_SIZE), ...query });
  return new URLSearchParams(given.filter((entry): entry is [string, string] => Boolean(entry[1])));
}

export const itemsOf = <T,>(data: InfiniteData<Page<T>>): T[] => data.pages.flatMap(({ items }) => items);

export function More({ list }: { readonly list: UseInfiniteQueryResult }) {
  const { t } = useWords();
  if (!list.hasNextPage) return null;
  return (
    <Button className="no-print" onClick={() => list.fetchNextPage()} loading={list.isFetchingNextPage}>
      {t("do.more")}
    </Button>
  );
}
