// Uploads: files go in parts (tus 1.0), go on after a reload or a lost connection, and end on their dataset's page.

const form = document.querySelector("form[data-upload]");
const input = form.querySelector("input[type=file]");
const queue = form.querySelector("[data-queue]");
const pattern = form.querySelector("template[data-row]");
const drop = form.querySelector("[data-drop]");
const sum = form.querySelector("[data-sum]");
const PART = Number(form.dataset.part);
const MOST = Number(form.dataset.most);
const LEFT = Number(form.dataset.left || Infinity);
const ENDINGS = input.accept.split(",").filter(Boolean);
const LONGEST_WAIT = 30;
const SMALL = 50e6; // bytes of which the browser computes the checksum
const AT_ONCE = 2; // files that flow side by side
const PREFIX = `upload:${form.dataset.create}:`;
const uploads = new Set(); // of this visit, without those that were cancelled

form.querySelector("[data-plain]").hidden = true;

// ── Words ──────────────────────────────────────────────────────────────────────
function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) [amount, unit] = [amount / 1000, unit + 1];
  return `${unit ? amount.toPrecision(3) : amount} ${units[unit]}`;
}

function span(seconds) {
  if (!Number.isFinite(seconds)) return "";
  return seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.ceil(seconds / 60)} min left`;
}

// ── Talking to the server ──────────────────────────────────────────────────────
class Refused extends Error {}
class Lost extends Error {}

function ask(method, address, { headers = {}, body = null, onprogress = null, signal = null } = {}) {
  return new Promise((answer, fail) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (onprogress) request.upload.addEventListener("progress", onprogress);
    request.addEventListener("load", () => answer(request));
    request.addEventListener("error", () => fail(new Lost()));
    request.addEventListener("abort", () => fail(new DOMException("", "AbortError")));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}

/** The answer where it is a good one; a sentence for the person, or a reason to try again, where it is not. */
function checked(request) {
  if (request.status < 300) return request;
  if (request.status >= 500 && request.status !== 507) throw new Lost();
  if (request.status === 429) throw new Lost();
  let sentence = "The server did not take this file.";
  try {
    sentence = JSON.parse(request.responseText).detail ?? sentence;
  } catch {
    // an answer of something in between, without a sentence
  }
  throw new Refused(sentence);
}

const tus = { "Tus-Resumable": "1.0.0" };
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// ── The line ──
/** Lets AT_ONCE files flow; the others wait in the order in which they came, until they are called or give up. */
class Turns {
  free = AT_ONCE;
  waiting = [];

  async take(signal) {
    if (this.free) return (this.free -= 1);
    return new Promise((go, fail) => {
      this.waiting.push(go);
      const leave = () => {
        this.waiting = this.waiting.filter((one) => one !== go);
        fail(new DOMException("", "AbortError"));
      };
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  give() {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}

const turns = new Turns();

/** Of several files, how many are here and how many wait: read out, for it changes seldom. */
function tell() {
  const many = [...uploads];
  sum.hidden = many.length < 2;
  const here = many.filter((one) => one.state === "here").length;
  const wait = many.filter((one) => one.state === "waiting").length;
  const words = `${here} of ${many.length} files ${here === 1 ? "is" : "are"} here${wait ? `, ${wait} wait${wait === 1 ? "s" : ""}` : ""}.`;
  if (sum.textContent !== words) sum.textContent = words;
}

// ── One file ───────────────────────────────────────────────────────────────────
class Upload {
  constructor(file) {
    this.file = file;
    this.key = `${PREFIX}${file.name}:${file.size}:${file.lastModified}`;
    this.offset = 0;
    this.wait = 0;
    this.stop = null;
    this.state = "waiting";
    uploads.add(this);
    this.row = pattern.content.firstElementChild.cloneNode(true);
    this.part("name").textContent = `Upload, ${file.name}`;
    this.part("pause").addEventListener("click", () => (this.stop ? this.pause() : this.run()));
    this.part("cancel").addEventListener("click", () => this.cancel());
    this.part("anyway").addEventListener("click", () => this.anyway());
    queue.querySelector(`[data-stopped="${CSS.escape(this.key)}"]`)?.remove();
    queue.hidden = false;
    queue.append(this.row);
  }

  part(name) {
    return this.row.querySelector(`[data-${name}]`);
  }

  /** Looks whether the workspace has these bytes already, and sends them where it has not. */
  begin() {
    return this.run(async () => {
      const { signal } = this.stop;
      const known = await same(this.file).catch(() => null);
      if (signal.aborted) return null;
      return known ? this.offer(known) : this.send();
    });
  }

  offer(known) {
    this.stop = null;
    this.become("known", "Here already");
    this.part("pause").hidden = true;
    this.row.querySelector("progress").hidden = true;
    this.part("note").textContent = `You already have this file as ${known.name}. Use it?`;
    this.part("open").textContent = `Use ${known.name}`;
    this.part("open").href = known.page;
    for (const name of ["note", "open", "anyway"]) this.part(name).hidden = false;
  }

  anyway() {
    for (const name of ["note", "open", "anyway"]) this.part(name).hidden = true;
    this.part("pause").hidden = false;
    this.row.querySelector("progress").hidden = false;
    this.run();
  }

  /** Waits for a turn, does the work, and leaves the place to the next. */
  async run(work = () => this.send()) {
    this.stop = new AbortController();
    this.part("pause").textContent = "Pause";
    this.part("error").hidden = true;
    try {
      this.become("waiting", "Waits for its turn");
      await turns.take(this.stop.signal);
      try {
        this.become("flowing", "");
        await work();
      } finally {
        turns.give();
      }
    } catch (error) {
      this.end(error);
    }
  }

  become(state, words) {
    this.state = state;
    this.part("said").textContent = words;
    tell();
  }

  async send() {
    for (;;) {
      try {
        await this.find();
        this.began = { at: performance.now(), offset: this.offset };
        while (this.offset < this.file.size) await this.next();
        return await this.finish();
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        await this.pauseThenTry();
      }
    }
  }

  /** Where to go on: at what the server already holds, or at the beginning of a new upload. */
  async find() {
    const known = localStorage.getItem(this.key);
    if (known) {
      const held = await ask("HEAD", known, { headers: tus, signal: this.stop.signal });
      if (held.status < 300) {
        this.address = known;
        this.offset = Number(held.getResponseHeader("Upload-Offset"));
        return;
      }
      if (held.status >= 500) throw new Lost();
      localStorage.removeItem(this.key);
    }
    const headers = { ...tus, "Upload-Length": this.file.size, "Upload-Metadata": `filename ${base64(this.file.name)}` };
    const made = checked(await ask("POST", form.dataset.uploads, { headers, signal: this.stop.signal }));
    this.address = new URL(made.getResponseHeader("Location"), location.href).pathname;
    this.offset = 0;
    localStorage.setItem(this.key, this.address);
  }

  async next() {
    const part = this.file.slice(this.offset, this.offset + PART);
    const headers = { ...tus, "Upload-Offset": this.offset, "Content-Type": "application/offset+octet-stream" };
    const onprogress = (event) => this.say(this.offset + event.loaded);
    const sent = await ask("PATCH", this.address, { headers, body: part, onprogress, signal: this.stop.signal });
    if (sent.status === 409) throw new Lost(); // the answer to an earlier part was lost: ask where we are
    this.offset = Number(checked(sent).getResponseHeader("Upload-Offset"));
    this.wait = 0;
    this.say(this.offset);
  }

  async finish() {
    const body = { upload: this.address.split("/").filter(Boolean).pop(), options: this.options() };
    const headers = { "Content-Type": "application/json" };
    const made = checked(await ask("POST", form.dataset.create, { headers, body: JSON.stringify(body) }));
    localStorage.removeItem(this.key);
    const page = new URL(JSON.parse(made.responseText).page, location.href).pathname;
    if (uploads.size === 1) return location.assign(page);
    this.stop = null;
    this.become("here", "Here");
    this.part("pause").hidden = true;
    this.part("cancel").hidden = true;
    this.part("open").textContent = `Open ${this.file.name}`;
    this.part("open").href = page;
    this.part("open").hidden = false;
  }

  options() {
    const chosen = {};
    for (const name of ["delimiter", "encoding", "header"]) {
      const value = form.elements[name]?.value;
      if (value) chosen[name] = value;
    }
    return chosen;
  }

  say(offset) {
    const passed = (performance.now() - this.began.at) / 1000;
    const speed = (offset - this.began.offset) / Math.max(passed, 0.1);
    const share = Math.min(100, Math.round((100 * offset) / this.file.size));
    this.row.querySelector("progress").value = share;
    const rest = speed > 0 && passed > 1 ? `, ${size(speed)}/s, ${span((this.file.size - offset) / speed)}` : "";
    this.part("said").textContent = `${share} %${rest}`;
  }

  async pauseThenTry() {
    this.wait = Math.min(LONGEST_WAIT, this.wait ? this.wait * 2 : 1);
    this.part("said").textContent = `The connection broke. Trying again in ${this.wait} s.`;
    const { signal } = this.stop;
    await new Promise((go, fail) => {
      setTimeout(go, this.wait * 1000);
      addEventListener("online", go, { once: true });
      signal.addEventListener("abort", () => fail(new DOMException("", "AbortError")), { once: true });
    });
  }

  pause() {
    this.stop.abort();
    this.stop = null;
    this.part("pause").textContent = "Go on";
    this.become("paused", "Paused");
  }

  async cancel() {
    this.stop?.abort();
    this.stop = null;
    localStorage.removeItem(this.key);
    uploads.delete(this);
    this.row.remove();
    tell();
    queue.hidden = !queue.children.length;
    input.value = "";
    if (this.address) await ask("DELETE", this.address, { headers: tus }).catch(() => {});
  }

  end(error) {
    if (error.name === "AbortError") return;
    this.stop = null;
    localStorage.removeItem(this.key);
    this.part("pause").hidden = true;
    this.row.querySelector("progress").hidden = true;
    this.part("cancel").textContent = "Dismiss";
    this.become("refused", "Not taken");
    this.part("error").textContent =
      error instanceof Refused ? error.message : "The upload stopped. Choose the file again and it goes on from there.";
    this.part("error").hidden = false;
  }
}

// ── Before the bytes flow ──────────────────────────────────────────────────────
/** Why this file cannot come, as far as its name and size say; "" where it may. */
function why(file) {
  if (!file.size) return "This file is empty.";
  if (file.size > MOST) return `The file has ${size(file.size)}. A file may have up to ${size(MOST)}.`;
  if (file.size > LEFT) return `The file has ${size(file.size)}, and ${size(LEFT)} are left in the workspace. Delete a dataset you no longer need.`;
  const ending = /\.[^.]+$/.exec(file.name)?.[0].toLowerCase();
  if (!ending || !ENDINGS.length || ENDINGS.includes(ending)) return "";
  return `Files ending in ${ending} cannot be read. What can be read stands on this page.`;
}

/** The dataset that holds the same bytes; null where none does or where that cannot be known cheaply. */
async function same(file) {
  if (form.dataset.known !== form.dataset.create || file.size > SMALL || !globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const answer = checked(await ask("GET", `${form.dataset.known}?sha256=${hex}`));
  const [found] = JSON.parse(answer.responseText).results;
  if (!found) return null;
  const newest = found.latest_version;
  const name = newest?.sha256 === hex ? `${found.name} v${newest.number}` : found.name;
  return { name, page: new URL(found.page, location.href).pathname };
}

function take(files) {
  for (const file of files) {
    const upload = new Upload(file);
    const reason = why(file);
    if (reason) upload.end(new Refused(reason));
    else upload.begin();
  }
}

/** Says which files stopped on their way when this page was left. */
async function remember() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const [name, bytes] = key.slice(PREFIX.length).split(/:(?=\d+:\d+$)/);
    const held = await ask("HEAD", localStorage.getItem(key), { headers: tus }).catch(() => null);
    if (held?.status >= 300) localStorage.removeItem(key);
    if (!held || held.status >= 300) continue;
    const share = Math.floor((100 * Number(held.getResponseHeader("Upload-Offset"))) / parseInt(bytes, 10));
    const line = document.createElement("li");
    line.className = "small quiet";
    line.textContent = `${name} stopped at ${share} %. Choose it again and it goes on from there.`;
    line.dataset.stopped = key;
    queue.append(line);
    queue.hidden = false;
  }
}

// ── Choosing and dropping, anywhere on the page ────────────────────────────────
input.addEventListener("change", () => take(input.files));
remember();
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  drop.dataset.state = "over";
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) delete drop.dataset.state;
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  delete drop.dataset.state;
  form.closest("dialog")?.showModal();
  take(input.multiple ? event.dataTransfer.files : [event.dataTransfer.files[0]]);
});
