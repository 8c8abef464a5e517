import type { FileEntry } from "@ws/rpc-contract";
import { type WorkspaceFiles, WsError } from "@ws/workspace-core";
import { withoutAbsent } from "../without-absent.ts";
import { dateOf } from "../date-of.ts";
import type { RequestContext, Services } from "./context.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";

export function filesRouter(guard: Guarded, services: Services) {
  const os = guard.files;
  type Call = { input: { name: string }; context: RequestContext; signal?: AbortSignal | undefined };
  const within = async ({
    input,
    context,
    signal,
  }: Call): Promise<{ files: WorkspaceFiles; given: { signal: AbortSignal } }> => {
    const given = { signal: untilGone(services, context, signal) };
    const layers = context.caller?.policy ?? [];
    return { files: await (await services.ready()).workspaces.files(input.name, { layers, ...given }), given };
  };

  return os.router({
    read: os.read.handler(async (call) => {
      const { files, given } = await within(call);
      const { path, offset, limit } = call.input;
      const read = await files.read(path, withoutAbsent({ offset, limit, ...given }));
      return read.binary ? read : { ...read, encoding: "utf-8" as const };
    }),
    list: os.list.handler(async (call) => {
      const { files, given } = await within(call);
      const { path = "", limit } = call.input;
      const { entries, ...listed } = await files.list(path, withoutAbsent({ limit, ...given }));
      return { ...listed, entries: entries.map(dated) };
    }),
    stat: os.stat.handler(async (call) => {
      const { files, given } = await within(call);
      return dated(await files.stat(call.input.path, given));
    }),
    write: os.write.handler(async (call) => {
      const { files, given } = await within(call);
      const { path, content, encoding, mode, expect } = call.input;
      return files.write(path, bytesOf(content, encoding), withoutAbsent({ mode, expect, ...given }));
    }),
    edit: os.edit.handler(async (call) => {
      const { files, given } = await within(call);
      const { name: _name, path, ...edit } = call.input;
      const { created: _created, ...edited } = await files.edit(path, { ...withoutAbsent(edit), ...given });
      return edited;
    }),
    patch: os.patch.handler(async (call) => {
      const { files, given } = await within(call);
      const { patch, dryRun } = call.input;
      return { files: await files.patch(patch, withoutAbsent({ dryRun, ...given })) };
    }),
    mkdir: os.mkdir.handler(async (call) => {
      const { files, given } = await within(call);
      return files.mkdir(call.input.path, given);
    }),
    move: os.move.handler(async (call) => {
      const { files, given } = await within(call);
      const { from, to, replace } = call.input;
      return files.move(from, to, withoutAbsent({ replace, ...given }));
    }),
    remove: os.remove.handler(async (call) => {
      const { files, given } = await within(call);
      const { path, recursive } = call.input;
      return files.remove(path, withoutAbsent({ recursive, ...given }));
    }),
    find: os.find.handler(async (call) => {
      const { files, given } = await within(call);
      const { query, maxResults } = call.input;
      return files.find({ query, ...withoutAbsent({ maxResults }), ...given });
    }),
    grep: os.grep.handler(async (call) => {
      const { files, given } = await within(call);
      const { name: _name, ...request } = call.input;
      return files.grep({ ...withoutAbsent(request), ...given });
    }),
    watch: os.watch.handler(async ({ input: { name }, context, signal }) => {
      const { workspaces } = await services.ready();
      const layers = context.caller?.policy ?? [];
      return workspaces.changes(name, { layers, signal: untilGone(services, context, signal) });
    }),
  });
}

function dated<T extends { modifiedAt: number }>(entry: T): Omit<T, "modifiedAt"> & Pick<FileEntry, "modifiedAt"> {
  return { ...entry, modifiedAt: dateOf(entry.modifiedAt).toISOString() };
}

function bytesOf(content: string, encoding: "utf-8" | "base64" = "utf-8"): Uint8Array {
  if (encoding === "base64") {
    if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(content))
      return Buffer.from(content, "base64");
    throw unfit("is not base64");
  }
  // What would be written would not be what was sent.
  if (!content.isWellFormed()) throw unfit("holds half a character");
  return Buffer.from(content, "utf8");
}

function unfit(why: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `The content ${why}.`,
    next: "Send it as base64, or its bytes with PUT /files/NAME/PATH.",
    data: { field: "content" },
  });
}
