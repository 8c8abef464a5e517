/**
 * Lets in what the page's own scripts make of styles: terminals, editors and dialogs make style elements and set style
 * attributes, and not all of them can be told a nonce. Each element gets the page's, and an attribute is set as the property
 * that it stands for, which no policy is about. A style that comes as text, as of a name or a file, stays out as before.
 */
export function letOwnStylesIn(page: Document = document): void {
  // As a property: where there is a policy, the attribute is hidden from scripts and from selectors.
  const nonce = page.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
  const { createElement } = page;
  page.createElement = (tag: string, options?: ElementCreationOptions) => {
    const element: HTMLElement = createElement.call(page, tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  const { setAttribute } = HTMLElement.prototype;
  HTMLElement.prototype.setAttribute = function (this: HTMLElement, name: string, value: string) {
    if (name === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}
