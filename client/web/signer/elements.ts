type Child = Node | string | undefined;

type Properties<Name extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[Name], "style">>;

/** An element with what stands in it. Texts are texts: nothing here becomes markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Properties<Name>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

export const button = (text: string, onclick: () => void): HTMLButtonElement =>
  make("button", { type: "button", onclick }, text);

/** Something to fill in, under its name. */
export const labelled = (text: string, field: HTMLElement): HTMLElement => make("label", {}, text, field);
