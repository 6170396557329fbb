import type { Language } from "@wanlian/protocol/language.js";
import { type Dictionary, PAGE, type PageWord, wordsIn } from "@wanlian/words/index.js";
import type { Locator, Page } from "playwright-core";
import { type Visitor, visitor } from "./browser.js";

/** Somebody who has never seen a terminal: knows a page by its words, and fills in forms. */
export class Official {
  readonly page: Page;
  readonly words: Dictionary;
  readonly #here: Visitor;
  readonly #language: Language;

  private constructor(here: Visitor, language: Language) {
    this.#here = here;
    this.page = here.page;
    this.words = wordsIn(language);
    this.#language = language;
  }

  static async at(language: Language): Promise<Official> {
    return new Official(await visitor({ language }), language);
  }

  /** What the page complained of. */
  get complaints(): readonly string[] {
    return this.#here.complaints;
  }

  /** The page's own words; what stands in their gaps is left to the reader. */
  say(key: PageWord): string {
    return PAGE[key][this.#language].replace(/\{\{.*$/u, "");
  }

  button(key: PageWord): Locator {
    return this.page.getByRole("button", { name: this.say(key), exact: true });
  }

  /** A link in the page's own part, not in its menu. */
  link(name: string): Locator {
    return this.page.getByRole("main").getByRole("link", { name, exact: true });
  }

  /** Goes by the menu. */
  async go(key: PageWord): Promise<void> {
    await this.page
      .getByRole("navigation")
      .getByRole("link", { name: this.say(key), exact: true })
      .click();
  }

  async type(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [id, value] of Object.entries(values)) await this.page.locator(`[id="${id}"]`).fill(value);
  }

  /** One of a few, which are all seen. */
  async pick(id: string, label: string): Promise<void> {
    await this.page.locator(`[id="${id}"]`).getByText(label, { exact: true }).click();
  }

  /** Some of a list that opens: by the whole of what stands there, or by a part. */
  async choose(id: string, ...labels: readonly (string | RegExp)[]): Promise<void> {
    await this.page.locator(`[id="${id}"]`).click();
    for (const label of labels)
      await this.page.locator(".ant-select-dropdown:visible").getByTitle(label, { exact: true }).click();
    await this.page.keyboard.press("Escape");
  }

  /** What no list has. */
  async add(id: string, ...texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      await this.page.locator(`[id="${id}"]`).fill(text);
      await this.page.keyboard.press("Enter");
    }
    await this.page.keyboard.press("Escape");
  }

  /** Sees what will stand on the ledger, signs it, and hears that it counts. */
  async file(): Promise<void> {
    await this.button("do.next").click();
    await this.sign();
  }

  async sign(): Promise<void> {
    await this.page.getByText(this.say("file.final")).waitFor();
    await this.button("do.file").click();
    await this.page.getByText(this.say("file.done")).waitFor();
  }

  leave(): Promise<void> {
    return this.#here.context.close();
  }
}
