export { collectBundle, type BundlePart } from "./collect-bundle.ts";
export { requireFree, writeBundle } from "./write-bundle.ts";
