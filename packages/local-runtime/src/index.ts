export { createLocalRuntime, type LocalRuntimeOptions } from "./local-runtime.ts";
export { placeAround } from "./place.ts";
