// News without reloading: a socket where there is one, asking again where there is none, patience where both fail.

const SOON = 200; // ms between two fetches at most: five a second
const ASK = 2000; // ms between two questions where sockets are blocked
const LONGEST = 30; // s between two tries to connect

const SHUT_OUT = [4401, 4403, 4404]; // signed out, no longer a member, gone

/**
 * Watches one thing. `fetchNews` gets what changed and returns true when nothing more will come;
 * `after` gives the number of the last news; `told` hears "live", "asking" or ("lost", seconds until the next try).
 */
export function watch({ socket, after = () => 0, fetchNews, told = () => {} }) {
  let over = false;
  let tries = 0;
  let opened = false;
  let last = 0;
  let waiting = null;
  let busy = false;
  let again = false;
  let retry = null;
  let asking = null;

  async function refresh() {
    waiting = null;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    last = performance.now();
    try {
      over = (await fetchNews()) === true;
      if (asking && !over) told("asking");
    } catch {
      if (asking) told("lost", ASK / 1000);
    }
    busy = false;
    if (over) stop();
    else if (again) news();
    again = false;
  }

  function news() {
    if (waiting || over) return;
    waiting = setTimeout(refresh, Math.max(0, last + SOON - performance.now()));
  }

  function ask() {
    if (asking) return;
    asking = setInterval(news, ASK);
    news();
  }

  function connect() {
    clearTimeout(retry);
    if (over) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const line = new WebSocket(`${scheme}//${location.host}${socket}?after=${after()}`);
    line.onopen = () => {
      tries = 0;
      opened = true;
      clearInterval(asking);
      asking = null;
      told("live");
      news();
    };
    line.onmessage = news;
    line.onclose = (event) => lost(event.code);
  }

  function lost(code) {
    if (over) return;
    if (opened && SHUT_OUT.includes(code)) return location.reload(); // the page says why
    tries += 1;
    const wait = Math.min(LONGEST, 2 ** tries);
    if (!opened) ask(); // never once open: sockets are blocked here, so ask instead
    else told("lost", wait);
    retry = setTimeout(connect, wait * 1000);
  }

  function stop() {
    over = true;
    clearTimeout(retry);
    clearTimeout(waiting);
    clearInterval(asking);
  }

  connect();
  return { now: () => { connect(); news(); }, stop };
}

/** Puts `fresh` in the place of `old` where they differ; the focus stays on what has the same id. */
export function swap(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...old.querySelectorAll("details[open][id]")].map((more) => more.id);
  old.replaceWith(fresh);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** The first element of an HTML text. */
export function element(html) {
  const frame = document.createElement("template");
  frame.innerHTML = html.trim();
  return frame.content.firstElementChild;
}

/** What a connection's state is called on the page. */
export function say(lamp, state) {
  if (!lamp) return;
  lamp.dataset.state = state;
  lamp.textContent = { live: "Live", asking: "Live, asking every 2 s", lost: "Connection lost" }[state];
}
