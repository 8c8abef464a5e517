import { egressRuleText, type EgressRule, namesHost, parseEgressRule } from "./rules.ts";

/** A host that is denied at every port. */
export interface EgressDenial {
  /** As a rule's. */
  host: string;
  /** What was allowed after it, for which alone it does not hold. */
  except: readonly EgressRule[];
}

/** Reads `HOST`, or `HOST!RULE` where it does not hold for what that rule names. Throws `invalid_input`, saying why. */
export function parseEgressDenial(text: string): EgressDenial {
  const [host = "", ...except] = text.split("!");
  return { host: parseEgressRule(host).host, except: except.map((rule) => parseEgressRule(rule)) };
}

/** As `parseEgressDenial` reads it. */
export function egressDenialText({ host, except }: EgressDenial): string {
  return [host, ...except.map((rule) => egressRuleText({ ...rule, private: false }))].join("!");
}

/** Whether it holds for this host, or for all that a pattern names, at this port. */
export function denies({ host, except }: EgressDenial, asked: { host: string; port: number }): boolean {
  if (!namesHost(host, asked.host)) return false;
  return !except.some((rule) => rule.port === asked.port && namesHost(rule.host, asked.host));
}
