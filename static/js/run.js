// The run page while it works: parts are swapped as news come, log lines join at the end, and at the end the results.

import { element, say, swap, watch } from "./live.js";

const page = document.getElementById("run");
const log = document.querySelector(".log");

// ── The log: search, follow ────────────────────────────────────────────────────
const follows = () => document.querySelector("[data-follow]")?.checked;

function toEnd() {
  if (log && follows()) log.scrollTop = log.scrollHeight;
}

function search() {
  const wanted = document.querySelector("[data-log-search]").value.trim().toLowerCase();
  for (const line of document.querySelectorAll("[data-log] li")) {
    line.hidden = wanted !== "" && !line.textContent.toLowerCase().includes(wanted);
  }
}

document.querySelector("[data-log-search]")?.addEventListener("input", search);
document.querySelector("[data-follow]")?.addEventListener("change", toEnd);
toEnd();

// ── News ───────────────────────────────────────────────────────────────────────
const seq = () => Number(document.getElementById("live")?.dataset.seq ?? 0);
const FINISHED = ["succeeded", "failed", "cancelled"];

function join(lines) {
  const list = document.querySelector("[data-log]");
  const last = Number(list.lastElementChild?.dataset.seq ?? 0);
  for (const line of [...lines.children]) if (Number(line.dataset.seq) > last) list.append(line);
  search();
  toEnd();
}

function show(fresh) {
  const live = document.getElementById("live");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.getElementById(part.id);
    if (old) swap(old, part);
  }
  join(fresh.querySelector("[data-log]"));
  live.dataset.seq = fresh.dataset.seq;
  const chip = document.getElementById("live-chip");
  const state = fresh.dataset.state;
  if (chip && live.dataset.state !== state && FINISHED.includes(state)) return finish();
  if (live.dataset.state !== state) return head();
  return false;
}

/** The whole page anew without a reload: its results, or why it ended. */
async function finish() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = fresh.title;
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  document.getElementById("cancel")?.remove();
  for (const symbols of fresh.querySelectorAll("body > svg[hidden]")) document.body.append(symbols);
  document.getElementById("run").replaceWith(document.importNode(fresh.getElementById("run"), true));
  const loaded = new Set([...document.scripts].map((script) => script.src));
  for (const script of [...fresh.querySelectorAll("script[src]")].filter(({ src }) => !loaded.has(src))) {
    const copy = document.createElement("script");
    for (const { name, value } of script.attributes) copy.setAttribute(name, value);
    document.body.append(copy);
  }
  document.getElementById("verdict")?.closest("section").setAttribute("aria-live", "polite");
  return true;
}

/** From queued to running the head changes too. */
async function head() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  swap(document.getElementById("live-chip"), fresh.getElementById("live-chip"));
  document.title = fresh.title;
  document.getElementById("live").dataset.state = fresh.getElementById("live")?.dataset.state ?? "";
  return false;
}

async function fetchNews() {
  const answer = await fetch(`${page.dataset.fragment}?after=${seq()}`);
  if (answer.status === 204) return false;
  if (!answer.ok) throw new Error(answer.statusText);
  if (FINISHED.includes(answer.headers.get("X-State"))) return finish();
  return show(element(await answer.text()));
}

// ── The connection, in words ───────────────────────────────────────────────────
let countdown = null;

function told(state, seconds) {
  const note = page.querySelector("[data-lost]");
  say(page.querySelector("[data-live]"), state);
  clearInterval(countdown);
  note.hidden = state !== "lost";
  if (state !== "lost") return;
  let left = seconds;
  const words = () => {
    page.querySelector("[data-lost-words]").textContent = `Trying again in ${left} s. Nothing will be missing afterwards.`;
    left = Math.max(0, left - 1);
  };
  words();
  countdown = setInterval(words, 1000);
}

if (page?.dataset.fragment) {
  const line = watch({ socket: page.dataset.socket, after: seq, fetchNews, told });
  page.querySelector("[data-try-now]").addEventListener("click", () => line.now());
}
