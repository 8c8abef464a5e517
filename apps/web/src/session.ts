import { toProblem, type Problem } from "./problem.ts";

export type SessionState =
  | { kind: "signed_out"; problem?: Problem }
  | { kind: "signing_in" }
  | { kind: "signed_in"; token: string };

export interface Session {
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  token(): string | undefined;
  /** Exchanges a one-time code; a refusal is kept as the problem of the signed-out state. */
  redeem(code: string): Promise<void>;
  /** Signs in with what a person pasted: a link, its code, or a token. */
  signInWith(text: string): Promise<void>;
  /** Forgets the token. A refusal of another token than the present one changes nothing. */
  end(problem?: Problem, token?: string): void;
  /** Takes over what another tab of this browser stored or forgot. */
  adopt(): void;
}

export interface SessionOptions {
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  exchange: (code: string) => Promise<{ token: string }>;
  /** Resolves where the agent accepts this token. */
  probe: (token: string) => Promise<unknown>;
}

/** Origin-scoped: unlike a cookie, no other port of this host ever receives it. */
export const TOKEN_KEY = "ws.token";

/** Who this browser is to the agent: nobody, or the bearer of one token. */
export function createSession(options: SessionOptions): Session {
  const { storage, exchange, probe } = options;
  const listeners = new Set<() => void>();
  let state: SessionState = fromToken(storage.getItem(TOKEN_KEY));

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    token: () => (state.kind === "signed_in" ? state.token : undefined),
    redeem: (code) => attempt(async () => (await exchange(code)).token),
    signInWith: (text) =>
      attempt(async () => {
        const pasted = parsePasted(text);
        if (pasted.kind === "code") return (await exchange(pasted.code)).token;
        try {
          await probe(pasted.text);
          return pasted.text;
        } catch {
          // Not a token, so perhaps the bare code of a link; its refusal is the one worth showing.
          return (await exchange(pasted.text)).token;
        }
      }),
    end(problem, token) {
      if (token !== undefined && (state.kind !== "signed_in" || state.token !== token)) return;
      storage.removeItem(TOKEN_KEY);
      set(problem === undefined ? { kind: "signed_out" } : { kind: "signed_out", problem });
    },
    adopt: () => set(fromToken(storage.getItem(TOKEN_KEY))),
  };

  async function attempt(obtain: () => Promise<string>): Promise<void> {
    const before = state;
    set({ kind: "signing_in" });
    try {
      const token = await obtain();
      storage.setItem(TOKEN_KEY, token);
      set({ kind: "signed_in", token });
    } catch (error) {
      // A stale link opened in a browser that is signed in already must not sign it out.
      set(before.kind === "signed_in" ? before : { kind: "signed_out", problem: toProblem(error) });
    }
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

function parsePasted(text: string): { kind: "code"; code: string } | { kind: "either"; text: string } {
  const trimmed = text.trim();
  const hash = trimmed.indexOf("#");
  const code = hash === -1 ? undefined : codeInFragment(trimmed.slice(hash));
  return code === undefined ? { kind: "either", text: trimmed } : { kind: "code", code };
}

function fromToken(token: string | null): SessionState {
  return token === null || token === "" ? { kind: "signed_out" } : { kind: "signed_in", token };
}
