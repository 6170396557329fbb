import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { ToDo } from "../pages/to-do.tsx";
import { Refusal } from "../session/api.ts";
import { Broken } from "./broken.tsx";
import { Gate } from "./shell.tsx";

type Load = () => Promise<Record<string, unknown>>;

/** A part of the page that does not come, since the node is gone, is a node that cannot be reached, and no fault. */
const fromNode =
  (load: Load): Load =>
  () =>
    load().catch((cause: unknown) => {
      throw new Refusal("NODE_UNREACHABLE", "", String(cause));
    });

const NotFound = lazyRouteComponent(() => import("./not-found.tsx"), "NotFound");
const root = createRootRoute({ component: Gate, notFoundComponent: NotFound });
const at = <P extends string>(path: P, load: Load, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(fromNode(load), name) });

const routes = [
  createRoute({ getParentRoute: () => root, path: "/", component: ToDo }),
  at("/catalogue", () => import("../pages/catalogue.tsx"), "Catalogue"),
  at("/catalogue/import", () => import("../pages/import-list.tsx"), "ImportList"),
  at("/cases/$noun", () => import("../pages/case-list.tsx"), "CaseList"),
  at("/cases/$noun/$", () => import("../pages/case.tsx"), "Case"),
  at("/file/$noun/$type", () => import("../pages/file.tsx"), "File"),
  at("/file/$noun/$type/$", () => import("../pages/file.tsx"), "File"),
  at("/object", () => import("../pages/object.tsx"), "RaiseObjection"),
  at("/data", () => import("../pages/data.tsx"), "Data"),
  at("/compare", () => import("../pages/checking/comparison.tsx"), "Comparison"),
  at("/quick-check", () => import("../pages/checking/quick-check.tsx"), "QuickCheck"),
  at("/use", () => import("../pages/use.tsx"), "Use"),
  at("/use/calls", () => import("../pages/calls.tsx"), "Calls"),
  at("/usage", () => import("../pages/oversight/usage.tsx"), "Usage"),
  at("/city-use", () => import("../pages/oversight/city-use.tsx"), "CityUse"),
  at("/supervision", () => import("../pages/oversight/evaluation.tsx"), "Evaluation"),
  at("/warnings", () => import("../pages/warnings.tsx"), "Warnings"),
  at("/trace", () => import("../pages/trace.tsx"), "Trace"),
  at("/trace/as-of", () => import("../pages/past/as-of.tsx"), "AsOf"),
  at("/trace/changes", () => import("../pages/past/changes.tsx"), "Changes"),
  at("/lineage/$release", () => import("../pages/origins/lineage.tsx"), "Lineage"),
  at("/ledger", () => import("../pages/chain/overview.tsx"), "Ledger"),
  at("/ledger/blocks", () => import("../pages/chain/blocks.tsx"), "Blocks"),
  at("/ledger/blocks/$number", () => import("../pages/chain/block.tsx"), "Block"),
  at("/ledger/consortium", () => import("../pages/chain/consortium.tsx"), "Consortium"),
  at("/ledger/rules", () => import("../pages/chain/rules.tsx"), "Rules"),
  at("/ledger/software", () => import("../pages/chain/software.tsx"), "Software"),
  at("/key", () => import("../pages/key.tsx"), "Key"),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([...routes]),
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
