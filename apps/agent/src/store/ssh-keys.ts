import type { DatabaseSync } from "node:sqlite";
import type { Caller } from "../access/caller.ts";
import type { Insist } from "./insist.ts";
import type { Tokens } from "./tokens.ts";

/** The SSH keys of those who call: one each, as a line of OpenSSH's. */
export interface SshKeys {
  of(caller: Caller): string | undefined;
  /** Of those who are known here now: the local socket's user (`local`), devices and other tokens by their ids. A hub's callers and machines of a tailnet are known as long as they ask only. */
  live(): readonly { owner: string; key: string }[];
  /** In place of the one before; undefined takes it away. */
  set(caller: Caller, key: string | undefined): void;
}

/** A device's stands with the device. Others have theirs here: the local socket's user, a token by its id, a hub's caller. */
export function createSshKeys(
  db: DatabaseSync,
  { tokens, insist }: { tokens: Pick<Tokens, "get" | "list" | "change">; insist: Insist },
): SshKeys {
  const get = db.prepare("SELECT key FROM ssh_keys WHERE owner = ?");
  const put = db.prepare(
    "INSERT INTO ssh_keys (owner, key) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET key = excluded.key",
  );
  const all = db.prepare("SELECT owner, key FROM ssh_keys");
  const remove = db.prepare("DELETE FROM ssh_keys WHERE owner = ?");
  // A token's id is never another's: a row that is left opens nothing.
  const sweep = db.prepare("DELETE FROM ssh_keys WHERE owner LIKE 'tok-%' AND owner NOT IN (SELECT id FROM tokens)");
  return {
    of(caller) {
      const token = caller.token === undefined ? undefined : tokens.get(caller.token.id);
      return token?.device === undefined ? get.get(ownerOf(caller))?.["key"]?.toString() : token.device.sshKey;
    },
    live() {
      const devices = tokens
        .list()
        .flatMap(({ id, device }) => (device?.sshKey === undefined ? [] : [{ owner: id, key: device.sshKey }]));
      const rows = all.all().map((row) => ({ owner: String(row["owner"]), key: String(row["key"]) }));
      return [...rows.filter(({ owner }) => owner === LOCAL || tokens.get(owner) !== undefined), ...devices];
    },
    set(caller, key) {
      const token = caller.token === undefined ? undefined : tokens.get(caller.token.id);
      insist(() => {
        if (token?.device !== undefined) {
          const { sshKey: _old, ...device } = token.device;
          return tokens.change(token.id, { device: key === undefined ? device : { ...device, sshKey: key } });
        }
        sweep.run();
        if (key === undefined) remove.run(ownerOf(caller));
        else put.run(ownerOf(caller), key);
      });
    },
  };
}

const LOCAL = "local";

function ownerOf({ token, countedFor }: Caller): string {
  return token?.id ?? countedFor ?? LOCAL;
}
