/** Finds which template a path belongs to: `/repos/{owner}/{repo}`. The one with most words of its own wins. */
export function createMatcher<T>(templates: Readonly<Record<string, T>>) {
  const known = Object.entries(templates).map(([key, value]) => {
    const [method = "", path = ""] = key.split(" ");
    return { method, segments: path.split("/"), value };
  });
  known.sort((a, b) => own(b.segments) - own(a.segments));
  return (method: string, path: string): { value: T; params: Record<string, string> } | undefined => {
    const segments = path.split("/");
    for (const candidate of known) {
      if (candidate.method !== method) continue;
      const params = fill(candidate.segments, segments);
      if (params !== undefined) return { value: candidate.value, params };
    }
    return undefined;
  };
}

function own(segments: readonly string[]): number {
  return segments.filter((segment) => !segment.startsWith("{")).length;
}

function fill(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (name === undefined) {
      if (segment !== part) return undefined;
      continue;
    }
    // A ref's slashes may come as they are.
    const takesRest = name === "ref" && index === template.length - 1;
    params[name] = takesRest ? segments.slice(index).map(decodeURIComponent).join("/") : decodeURIComponent(segment);
    if (takesRest) return params;
  }
  return template.length === segments.length ? params : undefined;
}
