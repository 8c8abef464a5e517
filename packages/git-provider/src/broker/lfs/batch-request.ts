import { RouteRefused } from "../protocol/routes.ts";

export interface BatchObject {
  oid: string;
  size: number;
}

export interface BatchRequest {
  operation: "download" | "upload";
  objects: readonly BatchObject[];
  /** The ref that is fetched or pushed, whole. */
  ref?: string;
}

const MAX_OBJECTS = 1_000;

/** Takes what a workspace asks for apart; what is sent on is made anew of it. Throws `RouteRefused`. */
export function readBatchRequest(body: unknown): BatchRequest {
  const { operation, objects, transfers, hash_algo: algorithm } = fieldsOf(body);
  if (operation !== "download" && operation !== "upload") throw malformed("it neither downloads nor uploads");
  if (!Array.isArray(objects)) throw malformed("it names no objects");
  if (objects.length > MAX_OBJECTS) throw malformed(`it names more than ${MAX_OBJECTS} objects`);
  if (Array.isArray(transfers) && !transfers.includes("basic")) throw malformed("it does not take basic transfers");
  if (algorithm !== undefined && algorithm !== "sha256") throw malformed("its objects are not named by sha256");
  return { operation, objects: objects.map(readObject), ...refOf(body) };
}

/** What the forge is asked for it. */
export function batchBody({ operation, objects, ref }: BatchRequest): object {
  return {
    operation,
    transfers: ["basic"],
    ...(ref === undefined ? {} : { ref: { name: ref } }),
    objects,
    hash_algo: "sha256",
  };
}

/** The ref that a request says it is about. Throws `RouteRefused`. */
export function refOf(body: unknown): { ref?: string } {
  const { ref } = fieldsOf(body);
  if (ref === undefined || ref === null) return {};
  const { name } = fieldsOf(ref);
  if (name === undefined || name === "") return {};
  if (typeof name !== "string" || !/^[^\p{C}]{1,1000}$/u.test(name)) throw malformed("its ref is none");
  return { ref: name };
}

/** Throws `RouteRefused` for what is no object of JSON. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed("it is not what Git LFS says");
  return value as Record<string, unknown>;
}

export function malformed(why: string): RouteRefused {
  return new RouteRefused(422, `Workspace refused this request of Git LFS: ${why}.`);
}

function readObject(value: unknown): BatchObject {
  const { oid, size } = fieldsOf(value);
  if (typeof oid !== "string" || !/^[0-9a-f]{64}$/.test(oid)) throw malformed("an object's id is no sha256");
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) throw malformed("an object's size is none");
  return { oid, size };
}
