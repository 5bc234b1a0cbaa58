// The one place that talks to the server. Every answer has a kind: ok, offline, signin (nobody is signed in), other (somebody
// else is), busy (try again later), large (send less), refused (trying again changes nothing).
const PATIENCE_MS = 20000;

export class Connection {
  constructor(data) {
    this.account = data.account;
    this.token = data.token;
    this.addresses = data.addresses;
  }

  get(address, facts = {}, signal = undefined) {
    return this.#ask(`${address}?${new URLSearchParams(facts)}`, { signal });
  }

  // A token that is not known any more is renewed once: after a new sign-in it is another one.
  async post(address, content) {
    const send = () =>
      this.#ask(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ account: this.account, ...content }),
      });
    const answer = await send();
    if (answer.status !== 400) {
      return answer;
    }
    const renewed = await this.renew();
    return renewed.kind === "ok" ? send() : renewed;
  }

  // Who is signed in now? Only for the account whose page this is a token is of use.
  async renew() {
    const answer = await this.get(this.addresses.token);
    if (answer.kind === "ok") {
      if (answer.data.account !== this.account) {
        return { kind: "other", status: 409, name: answer.data.name };
      }
      this.token = answer.data.token;
    }
    return answer;
  }

  async #ask(address, options) {
    const { signal = null, headers = {}, ...rest } = options;
    const both = new AbortController();
    const patience = setTimeout(() => both.abort(), PATIENCE_MS);
    signal?.addEventListener("abort", () => both.abort());
    try {
      const answer = await fetch(address, {
        ...rest, headers: { Accept: "application/json", ...headers }, redirect: "manual", credentials: "same-origin",
        cache: "no-store", signal: both.signal,
      });
      return await this.#read(answer);
    } catch {
      return { kind: signal?.aborted ? "dropped" : "offline", status: 0 };
    } finally {
      clearTimeout(patience);
    }
  }

  async #read(answer) {
    const { status } = answer;
    if (answer.type === "opaqueredirect" || status === 401) {
      return { kind: "signin", status: 401 };
    }
    if (answer.ok) {
      return { kind: "ok", status, data: await answer.json() };
    }
    const kinds = { 409: "other", 413: "large", 429: "busy" };
    const detail = await answer.json().then((found) => found.detail, () => "");
    return { kind: kinds[status] ?? (status >= 500 ? "busy" : "refused"), status, detail };
  }
}
