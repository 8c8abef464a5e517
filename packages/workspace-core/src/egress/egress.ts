import type { Box } from "../box.ts";
import type { EgressVerdict } from "./decide.ts";

/** How an answer begins that says what was refused, before the host and its port: also those who have only the words of it know it so. */
export const EGRESS_REFUSED = "This workspace may not connect to";

/** What a program in a workspace asks to be connected to, as it says it. */
export interface EgressTarget {
  host: string;
  port: number;
}

export interface EgressOptions {
  /** On the place's own loopback, and always the same: a program that outlives the Box, or the agent, finds the next way there. */
  port: number;
  /** Asked for every connection. */
  decide(asked: EgressTarget): EgressVerdict;
  /** Told of every connection that was refused, with a host that can be shown, and the rule that would allow it where one does. */
  refused(asked: EgressTarget, why: string, rule?: string): void;
  /** Ends the opening; what is open then ends with the Box. */
  signal?: AbortSignal;
}

/** An open way out of one Box. */
export interface EgressWay {
  /** Another one than was wanted where that is taken. */
  readonly port: number;
  /** Ends the connections that would be refused by now. */
  review(): void;
}

/** The way out of workspaces that have no network: a proxy on the worker, which programs reach through their Box. */
export interface Egress {
  /** Opens it until the Box closes. Throws `box_feature_missing` where the Box cannot listen. */
  attach(box: Pick<Box, "id" | "listen" | "closed">, options: EgressOptions): Promise<EgressWay>;
}
