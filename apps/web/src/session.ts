import { pairingCodeInFragment, parsePairingCode } from "@ws/rpc-contract/pairing";
import { toProblem, type Problem } from "./problem.ts";

export type SessionState =
  | { kind: "signed_out"; problem?: Problem }
  | { kind: "signing_in"; by?: "pairing" }
  | ({ kind: "signed_in" } & Grant);

/** What this browser calls the agent with. */
export interface Grant {
  token: string;
  /** Of a token that was made for this browser; absent where a person pasted one, which others may use too. */
  id?: string;
}

export interface Session {
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  token(): string | undefined;
  /** Exchanges a one-time code; a refusal is kept as the problem of the signed-out state. */
  redeem(code: string): Promise<void>;
  /** The same of a pairing code, by which this browser becomes a device of the worker's. */
  pair(code: string): Promise<void>;
  /** Signs in where the agent knows this machine by its tailnet, and changes nothing where it does not; never rejects. */
  enter(): Promise<void>;
  /** Signs in with what a person pasted: a link, its code, a pairing code, or a token. */
  signInWith(text: string): Promise<void>;
  /** Forgets the token. A refusal of another token than the present one changes nothing, or takes over a newer one. */
  end(problem?: Problem, token?: string): void;
  /** Forgets the token at once, then has the agent end it where it was made for this browser; never rejects. */
  signOut(): Promise<void>;
  /** Takes over what another tab of this browser stored or forgot. */
  adopt(): void;
}

export interface SessionOptions {
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  exchange: (code: string) => Promise<Required<Grant>>;
  pair: (code: string) => Promise<Required<Grant>>;
  /** A one-time code, for who is known by the tailnet; rejects for anybody else. */
  codeOfTailnet: () => Promise<string>;
  /** Resolves where the agent accepts this token. */
  probe: (token: string) => Promise<unknown>;
  /** Has the agent end the token that makes this very call. */
  revoke: (grant: Required<Grant>) => Promise<unknown>;
}

/** Origin-scoped: unlike a cookie, no other port of this host ever receives it. */
export const TOKEN_KEY = "ws.token";
const ID_KEY = "ws.token.id";

/** Who this browser is to the agent: nobody, or the bearer of one token. */
export function createSession(options: SessionOptions): Session {
  const { storage, exchange, pair, codeOfTailnet, probe, revoke } = options;
  const listeners = new Set<() => void>();
  let state: SessionState = stored();

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    token: () => (state.kind === "signed_in" ? state.token : undefined),
    redeem: (code) => attempt(() => exchange(code)),
    pair: (code) => attempt(() => pair(code), "pairing"),
    async enter() {
      if (state.kind !== "signed_out") return;
      const code = await codeOfTailnet().catch(() => undefined);
      // A person may have begun something meanwhile.
      if (code !== undefined && state.kind === "signed_out") await attempt(() => exchange(code));
    },
    signInWith(text) {
      const pasted = parsePasted(text);
      if (pasted.kind === "pairing") return attempt(() => pair(pasted.code), "pairing");
      return attempt(async () => {
        if (pasted.kind === "code") return exchange(pasted.code);
        try {
          await probe(pasted.text);
          return { token: pasted.text };
        } catch {
          // Not a token, so perhaps the bare code of a link; its refusal is the one worth showing.
          return exchange(pasted.text);
        }
      });
    },
    end(problem, token) {
      if (token !== undefined && (state.kind !== "signed_in" || state.token !== token)) return;
      const now = stored();
      // Another tab may have signed in since, which ended the token of this one.
      if (token !== undefined && now.kind === "signed_in" && now.token !== token) set(now);
      else forget(problem);
    },
    async signOut() {
      if (state.kind !== "signed_in") return;
      const { token, id } = state;
      const over = forget();
      if (id === undefined) return;
      try {
        await revoke({ token, id });
      } catch (error) {
        const problem = toProblem(error);
        // Either says that the token is gone already; and who has signed in since is not to be disturbed.
        if (["unauthorized", "device_not_found"].includes(problem.code) || state !== over) return;
        set({ kind: "signed_out", problem: { ...problem, ...stillGood(id) } });
      }
    },
    adopt: () => set(stored()),
  };

  async function attempt(obtain: () => Promise<Grant>, by?: "pairing"): Promise<void> {
    set({ kind: "signing_in", ...(by && { by }) });
    try {
      const { token, id } = await obtain();
      const before = stored();
      // The id first: another tab takes both over when it hears of the token.
      if (id === undefined) storage.removeItem(ID_KEY);
      else storage.setItem(ID_KEY, id);
      storage.setItem(TOKEN_KEY, token);
      set(stored());
      endReplaced(before, token);
    } catch (error) {
      const before = stored();
      // A stale link opened in a browser that is signed in already must not sign it out.
      set(before.kind === "signed_in" ? before : { kind: "signed_out", problem: toProblem(error) });
    }
  }

  /** Nobody would see that it is good any longer. Where it cannot be ended now, it ends by itself. */
  function endReplaced(before: SessionState, token: string): void {
    if (before.kind !== "signed_in" || before.id === undefined || before.token === token) return;
    revoke({ token: before.token, id: before.id }).catch(() => undefined);
  }

  function stored(): SessionState {
    const token = storage.getItem(TOKEN_KEY) ?? "";
    if (token === "") return { kind: "signed_out" };
    const id = storage.getItem(ID_KEY);
    return { kind: "signed_in", token, ...(id === null ? {} : { id }) };
  }

  function forget(problem?: Problem): SessionState {
    storage.removeItem(ID_KEY);
    storage.removeItem(TOKEN_KEY);
    set(problem === undefined ? { kind: "signed_out" } : { kind: "signed_out", problem });
    return state;
  }

  function set(next: SessionState): void {
    state = next;
    for (const listener of listeners) listener();
  }
}

/** The one-time code in a location's fragment, `#code=…`. */
export function codeInFragment(hash: string): string | undefined {
  const code = new URLSearchParams(hash.replace(/^#/, "")).get("code");
  return code === null || code === "" ? undefined : code;
}

type Pasted = { kind: "code"; code: string } | { kind: "pairing"; code: string } | { kind: "either"; text: string };

function parsePasted(text: string): Pasted {
  const trimmed = text.trim();
  const hash = trimmed.indexOf("#");
  const fragment = hash === -1 ? "" : trimmed.slice(hash);
  const pairing = pairingCodeInFragment(fragment) ?? parsePairingCode(trimmed);
  if (pairing !== undefined) return { kind: "pairing", code: pairing };
  const code = codeInFragment(fragment);
  return code === undefined ? { kind: "either", text: trimmed } : { kind: "code", code };
}

function stillGood(id: string): Pick<Problem, "message" | "next"> {
  return {
    message: "You are signed out here, but the worker could not be told, so it still knows this browser's token.",
    next: `End it on the worker: ws devices revoke ${id}. Unused, it ends by itself.`,
  };
}
