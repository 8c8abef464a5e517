import type { Clock, Log } from "@ws/workspace-core";
import { isAway } from "./choose.ts";
import type { CredentialProvider, MintedToken, TokenRequest } from "./provider.ts";
import { createSharedWork } from "./shared-work.ts";

/** The tokens of each grant: made when one is needed, kept while good. No two grants share one, so that ending one ends nobody else's. */
export interface MintedTokens {
  get(
    grant: string,
    provider: CredentialProvider,
    request: TokenRequest,
    options: { refused?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<MintedToken>;
  /** Forgets a grant's tokens and gives those that are still good. */
  take(grant: string): { provider: CredentialProvider; token: MintedToken }[];
  /** The same of all grants. */
  takeAll(): { provider: CredentialProvider; token: MintedToken }[];
}

/** So early that what begins now can end with it. */
const RENEW_BEFORE_MS = 10 * 60_000;
const REFUSALS_KEPT = 20;

interface Kept {
  tokens: { provider: CredentialProvider; purpose: string; token: MintedToken }[];
  refused: string[];
}

export function createMintedTokens({
  clock,
  log,
  learn,
  discard,
}: {
  clock: Pick<Clock, "now">;
  log: Log;
  /** Told each token before anybody else. */
  learn: (secret: string, expiresAt: number) => void;
  /** Told those that are good and that nobody may use. */
  discard: (provider: CredentialProvider, token: MintedToken) => Promise<void>;
}): MintedTokens {
  const kept = new Map<string, Kept>();
  const minting = createSharedWork<MintedToken>();

  function newest(entry: Kept, asked: string, leftMs: number): MintedToken | undefined {
    return entry.tokens.findLast(
      ({ purpose, token: { token, expiresAt } }) =>
        purpose === asked &&
        expiresAt - clock.now() > leftMs &&
        !entry.refused.some((refused) => token.equals(refused)),
    )?.token;
  }

  function isGood({ token }: Kept["tokens"][number]): boolean {
    return token.expiresAt > clock.now();
  }

  function take(grant: string): Kept["tokens"] {
    const entry = kept.get(grant);
    kept.delete(grant);
    return entry?.tokens.filter(isGood) ?? [];
  }

  return {
    async get(grant, provider, request, { refused, signal }) {
      const entry = kept.get(grant) ?? { tokens: [], refused: [] };
      kept.set(grant, entry);
      if (refused !== undefined && !entry.refused.includes(refused)) {
        entry.refused = [...entry.refused, refused].slice(-REFUSALS_KEPT);
      }
      const purpose = `${provider.id} ${request.access} ${request.workflows === true} ${request.purpose ?? "git"}`;
      const good = newest(entry, purpose, RENEW_BEFORE_MS);
      if (good !== undefined) return good;
      const mint = async (ending: AbortSignal): Promise<MintedToken> => {
        const token = await provider.mint(request, ending);
        learn(token.token.reveal(), token.expiresAt);
        // Its grant ended meanwhile, and nobody else would end it.
        if (kept.get(grant) !== entry) await discard(provider, token);
        else entry.tokens = [...entry.tokens.filter(isGood), { provider, purpose, token }];
        return token;
      };
      try {
        return await minting.run(`${grant} ${purpose}`, mint, signal);
      } catch (error) {
        const old = newest(entry, purpose, 0);
        if (old === undefined || !isAway(error)) throw error;
        log.warn("a token could not be renewed yet; the present one is used on", { error });
        return old;
      }
    },
    take,
    takeAll: () => [...kept.keys()].flatMap(take),
  };
}
