import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { CallsPart, callRoutes, type PlatformSettings } from "@wanlian/client/running/desks/calls-part.js";
import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { pino } from "pino";
import {
  CONSUMER,
  DATASET,
  type ExchangeWorld,
  makeExchangeWorld,
  PROVIDER,
  passTime,
  type Side,
  type WorldOptions,
} from "../exchange/exchange-world.js";

export const SECRET = "what-the-platform-pushes-with";
export const MAPPING = {
  members: { call: "流水号", serial: "序号", time: "调用时间", provider: "提供方", consumer: "使用方", rows: "条数" },
  values: { provider: { 民政局: PROVIDER }, consumer: { 公安局: CONSUMER } },
  constants: { dataset: DATASET, purpose: "verification" },
} as const;

/** Two departments that a platform brings their calls to. */
export interface CallsWorld {
  readonly world: ExchangeWorld;
  readonly provider: CallsPart;
  readonly consumer: CallsPart;
  /** Where a department's platform writes its files. */
  folderOf(department: MspId): string;
  /** In force from 01:00 to 03:00, when it is revoked; the ledger's time is 04:00. */
  readonly grant: TransactionId;
  remove(): Promise<void>;
}

export async function makeCallsWorld(
  options: WorldOptions = {},
  settings: Partial<PlatformSettings> = {},
): Promise<CallsWorld> {
  const parts = new Map<MspId, CallsPart>();
  const world = await makeExchangeWorld({
    ...options,
    routes: ({ options: { department } }) => callRoutes(() => parts.get(department) as CallsPart),
  });
  const folderOf = (department: MspId) => join(world.dir, `${department}-platform`);
  const begin = async (side: Side) => {
    const { department } = side.exchange.options;
    await mkdir(folderOf(department), { recursive: true });
    const made = callsOf(side, { folder: folderOf(department), ...settings });
    parts.set(department, made);
    return made;
  };
  const grant = await world.grant(["code", "name"]);
  await passTime(world, "2026-03-02T03:00:00Z");
  await world.act(world.steward, {
    noun: "application",
    case: grant,
    type: "revoke",
    body: { reasons: { digest: "ab".repeat(32) }, basis: "law" },
  });
  await passTime(world, "2026-03-02T04:00:00Z");
  return {
    ...{ world, folderOf, grant },
    provider: await begin(world.provider),
    consumer: await begin(world.consumer),
    remove: () => world.remove(),
  };
}

/** What a node begins beside its exchange. */
export function callsOf(side: Side, settings: Partial<PlatformSettings>): CallsPart {
  const platform: PlatformSettings = {
    ...{
      name: "市共享交换平台",
      mapping: MAPPING,
      folder: undefined,
      encoding: "utf-8",
      lateHours: 24,
      secret: SECRET,
    },
    ...settings,
  };
  const { exchange, view } = side;
  return new CallsPart({
    ...{ exchange, platform, db: exchange.options.db, ledger: view.honest },
    logger: pino({ level: "silent" }),
  });
}

/** A record as the platform writes it. */
export const record = (call: string, more: Readonly<Record<string, unknown>> = {}) => ({
  流水号: call,
  调用时间: "2026-03-02 10:00:00",
  提供方: "民政局",
  使用方: "公安局",
  条数: 1,
  ...more,
});
