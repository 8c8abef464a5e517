import type { WorkspaceEgress } from "./decide.ts";
import { denies, egressDenialText, parseEgressDenial } from "./denials.ts";
import { WsError } from "../errors.ts";
import { isNeverReached } from "./never-reached.ts";
import { egressRuleText, type EgressRule, namesAlike, namesHost, parseEgressRule } from "./rules.ts";

/** The lists with this rule allowed; what was denied and would hide it stays so for all else that it names. Throws `invalid_input`. */
export function withAllowed({ allow, deny }: WorkspaceEgress, text: string): WorkspaceEgress {
  const rule = parseEgressRule(text);
  if (isNeverReached(rule.host)) throw neverReached(rule);
  const written = egressRuleText(rule);
  return {
    allow: [...allow.filter((each) => each !== written), written],
    deny: deny.map((each) => {
      const denial = parseEgressDenial(each);
      return denies(denial, rule) ? egressDenialText({ ...denial, except: [...denial.except, rule] }) : each;
    }),
  };
}

/** The lists without a rule of this host, which is denied where another rule, one of `others` too, still allows it. Throws `invalid_input`. */
export function withDenied(
  { allow, deny }: WorkspaceEgress,
  text: string,
  others: readonly EgressRule[] = [],
): WorkspaceEgress {
  const { host } = parseEgressRule(text);
  const rest = allow.filter((each) => parseEgressRule(each).host !== host);
  const isAllowed = [...others, ...rest.map(parseEgressRule)].some((rule) => namesAlike(rule.host, host));
  const whole = deny.map((each) => {
    const denial = parseEgressDenial(each);
    return egressDenialText({ ...denial, except: denial.except.filter((rule) => !namesHost(host, rule.host)) });
  });
  if (!isAllowed) return { allow: rest, deny: whole };
  return { allow: rest, deny: [...whole.filter((each) => parseEgressDenial(each).host !== host), host] };
}

function neverReached({ host }: EgressRule): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `${host} is the worker itself or a cloud's metadata service, which no workspace reaches, whatever is allowed.`,
    next: "What runs in the workspace itself is reached on its loopback without a rule.",
    data: { field: "rule" },
  });
}
