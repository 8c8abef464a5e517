/** The address, where a browser opens it as a page; it comes from a forge, which may say anything. */
export function pageAddress(address: string): string | undefined {
  const protocol = URL.parse(address)?.protocol;
  return protocol === "https:" || protocol === "http:" ? address : undefined;
}
