/** Of the very response that brought the page: only styles that carry it count. */
export const STYLE_NONCE = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? "";

/**
 * Ant Design hands its nonce to most of the styles that it makes while it runs, but not to those with which it measures
 * scroll bars and keeps the page behind a dialog from scrolling. So every style element made here carries it.
 */
export function carryNonce(): void {
  const create = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = STYLE_NONCE;
    return element;
  };
}
