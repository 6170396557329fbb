import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { ratioText, wordsIn } from "@wanlian/words/index.js";
import type { Command } from "commander";
import type { Column } from "../columns.js";
import type { Context } from "../context.js";
import { wholeId } from "./short-id.js";

/** `demand matches`: which datasets of the catalogue come near to a demand, or to what is typed, and by which words. */
export function addMatches(command: Command, demand: NounDefinition, context: Context): void {
  const t = context.t.bind(context);
  command
    .command("matches [case]")
    .description(
      t({
        zh: "目录中与需求相近的数据资源，及所依据的词语",
        en: "datasets of the catalogue that come near to a demand, and the words by which they do",
      }),
    )
    .option("--text <words>", t({ zh: "按这些词语查找，不按需求", en: "by these words instead of a demand's" }))
    .action(async (id: string | undefined, { text }: { readonly text?: string }) => {
      const client = await context.client();
      const answer =
        text === undefined
          ? await client.get(`/demands/${await wholeId(client, demand, id ?? "")}/matches`)
          : await client.get("/catalogue/matches", { text });
      context.showList(answer.at("items").items, columns(context));
    });
}

function columns(context: Context): readonly Column[] {
  const words = wordsIn(context.language);
  return [
    [{ zh: "数据资源", en: "dataset" }, (row) => row.at("dataset").text],
    [{ zh: "名称", en: "name" }, (row) => row.at("name").text],
    [{ zh: "共享属性", en: "share class" }, (row) => words.value("share", row.at("share").text)],
    [{ zh: "相近程度", en: "nearness" }, (row) => ratioText(row.at("nearness").number ?? 0)],
    [
      { zh: "依据", en: "by" },
      (row) =>
        row
          .at("found")
          .items.map((one) => {
            const found = one.at("words").items.map(({ text }) => text);
            return `${words.member(one.at("place").text)}: ${found.join(", ")}`;
          })
          .join("; "),
    ],
  ];
}
