export type JsonPath = readonly (string | number)[];

export interface JsonProblem {
  message: string;
  line: number;
  column: number;
}

/** The first syntax error of a JSON text with its place, or undefined where there is none. */
export function findSyntaxError(text: string): JsonProblem | undefined {
  try {
    scan(text, () => undefined);
    JSON.parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof Unexpected) return { message: error.message, ...positionAt(text, error.offset) };
    return { message: "this is not JSON", ...positionAt(text, text.length) };
  }
}

/** Where the value at a path begins; where the path is absent, its nearest present parent. The text must be valid JSON. */
export function locate(text: string, path: JsonPath): { line: number; column: number } {
  let best = { depth: -1, offset: 0 };
  scan(text, (found, offset) => {
    if (found.length > best.depth && found.every((key, index) => key === path[index])) {
      best = { depth: found.length, offset };
    }
  });
  return positionAt(text, best.offset);
}

class Unexpected extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
// oxlint-disable-next-line no-control-regex -- JSON forbids raw control characters in strings
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** Walks a JSON text and reports where each value begins. */
function scan(text: string, visit: (path: JsonPath, offset: number) => void): void {
  let at = 0;
  const skip = (): void => {
    while (at < text.length && " \t\r\n".includes(text.charAt(at))) at += 1;
  };
  const fail = (expected: string): never => {
    const found = at < text.length ? `'${text.charAt(at)}'` : "the end of the file";
    throw new Unexpected(`expected ${expected}, found ${found}`, at);
  };
  const match = (pattern: RegExp, expected: string): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return fail(expected);
    at += found.length;
    return found;
  };
  const take = (character: string): boolean => {
    skip();
    if (text.charAt(at) !== character) return false;
    at += 1;
    return true;
  };
  const members = (close: string, member: () => void): void => {
    if (take(close)) return;
    do member();
    while (take(","));
    if (!take(close)) fail(`',' or '${close}'`);
  };
  const value = (path: JsonPath): void => {
    skip();
    visit(path, at);
    if (take("{")) {
      return members("}", () => {
        skip();
        const key = JSON.parse(match(STRING, "a name in double quotes")) as string;
        if (!take(":")) fail("':'");
        value([...path, key]);
      });
    }
    if (take("[")) {
      let index = 0;
      return members("]", () => value([...path, index++]));
    }
    if (text.charAt(at) === '"') match(STRING, "the end of the text on this line");
    else match(LITERAL, "a value");
  };
  value([]);
  skip();
  if (at < text.length) fail("the end of the file");
}

function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
