import type { Command } from "commander";
import type { Context } from "../context.js";

/** `application datasets`: what a grant covers now, which of a class no list says once and for all. */
export function addCovered(application: Command, context: Context): void {
  application
    .command("datasets <case>")
    .description(
      context.t({ zh: "授权现在涵盖的数据资源及字段", en: "the datasets that a grant covers now, with the fields" }),
    )
    .action(async (id: string) => {
      const answer = await (await context.client()).get(`/applications/${encodeURIComponent(id)}/datasets`);
      context.showList(answer.at("items").items, [
        [{ zh: "数据资源", en: "dataset" }, (row) => row.at("dataset").text],
        [{ zh: "名称", en: "name" }, (row) => row.at("name").text],
        [
          { zh: "字段", en: "fields" },
          (row) =>
            row
              .at("fields")
              .items.map(({ text }) => text)
              .join(","),
        ],
      ]);
    });
}
