import type { PolicyInfo } from "@ws/rpc-contract";

/** Why a file may not be changed, as far as the rules say so, and where that is set. */
export function whyReadOnly(layers: PolicyInfo["layers"]): { why: string; next?: string } {
  const readOnly = layers.find(({ rules }) => rules.readOnly === true);
  if (readOnly !== undefined) {
    return {
      why: `The rule readOnly of the ${readOnly.of} ${readOnly.name} is set.`,
      ...nextFor(readOnly, "readOnly"),
    };
  }
  const writable = layers.find(({ rules }) => rules.writablePaths !== undefined);
  if (writable !== undefined) {
    const paths = (writable.rules.writablePaths ?? []).join(", ");
    return {
      why: `The rule writablePaths of the ${writable.of} ${writable.name} lets only ${paths || "nothing"} be changed.`,
      ...nextFor(writable, "writablePaths"),
    };
  }
  return { why: "The workspace's policy lets nobody change it." };
}

function nextFor({ of, name }: PolicyInfo["layers"][number], rule: string): { next?: string } {
  if (of === "workspace") return { next: `ws policy unset ${name} ${rule}` };
  return of === "repository" ? { next: `ws policy unset --repository ${name} ${rule}` } : {};
}
