/** A page's title, with or without the count of what waits for somebody before it: all tests of a run share one inbox. */
export function titled(page: string): RegExp {
  const literal = page.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  return new RegExp(String.raw`^(?:\(\d+\) )?${literal} · Workspace$`);
}
