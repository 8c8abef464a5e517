export { collectBundle, type BundlePart } from "./collect-bundle.ts";
export { writeBundle } from "./write-bundle.ts";
