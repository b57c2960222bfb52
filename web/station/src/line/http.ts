/** The one door to the node: asks, and says plainly whether it answered, refused, or could not be reached. */

export type Answer =
  | { kind: "answered"; json: unknown }
  | { kind: "refused"; status: number; code: string; title: string }
  /** `wait`: after how many ms a node that is busy asked to be asked again; `hasFailed`: it was at fault itself. */
  | { kind: "unreachable"; wait?: number; hasFailed?: true };

export interface Ask {
  path: string;
  /** Sent as JSON with POST; without it the request is a GET. */
  body?: unknown;
  token?: string;
}

export type Http = (ask: Ask) => Promise<Answer>;

const TIMEOUT = 15_000;

/** What is too long for whoever stands before the node. */
const TOO_LONG = 413;

/** What the node says is JSON. A page, as of a network that asks to sign in, is by somebody else: null. */
async function saidBy(response: Response): Promise<object | null> {
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) return null;
  const json: unknown = await response.json().catch(() => null);
  return typeof json === "object" ? json : null;
}

async function read(response: Response): Promise<Answer> {
  const json = await saidBy(response);
  if (response.status >= 500) {
    const failed = response.status === 500 && json !== null ? { hasFailed: true as const } : {};
    return { kind: "unreachable", ...askedToWait(response), ...failed };
  }
  if (json === null && response.status !== TOO_LONG) return { kind: "unreachable" };
  return response.ok ? { kind: "answered", json } : refusal(response.status, json ?? {});
}

function refusal(status: number, json: object): Answer {
  const problem = json as { code?: unknown; title?: unknown };
  const code = typeof problem.code === "string" ? problem.code : `status_${status}`;
  const title = typeof problem.title === "string" ? problem.title : "";
  return { kind: "refused", status, code, title };
}

/** RFC 9110 section 10.2.3, in seconds; a date is not sent here. */
function askedToWait(response: Response): { wait?: number } {
  const seconds = Number(response.headers.get("Retry-After") ?? "");
  return response.status === 503 && seconds > 0 ? { wait: seconds * 1000 } : {};
}

function headers(ask: Ask, language: string): Record<string, string> {
  const all: Record<string, string> = { Accept: "application/json", "Accept-Language": language };
  if (ask.body !== undefined) all["Content-Type"] = "application/json";
  if (ask.token !== undefined) all["Authorization"] = `Bearer ${ask.token}`;
  return all;
}

/** `fetcher` is the browser's `fetch`, or a test's; `language` is asked for at each request. */
export function httpOver(fetcher: typeof fetch, language: () => string): Http {
  return async (ask) => {
    try {
      const response = await fetcher(ask.path, {
        method: ask.body === undefined ? "GET" : "POST",
        headers: headers(ask, language()),
        body: ask.body === undefined ? null : JSON.stringify(ask.body),
        cache: "no-store",
        credentials: "same-origin",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      return await read(response);
    } catch {
      return { kind: "unreachable" };
    }
  };
}
