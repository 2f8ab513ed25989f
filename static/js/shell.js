// The frame of every page: dialogs where the browser lacks commandfor, toasts, keys, theme, shown passwords.

const typing = (node) => node.closest?.("input, textarea, select, [contenteditable]");

// ── Dialogs and popovers where the browser does not know the attributes ────────
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close();
  });
}

// ── Menus where the browser cannot anchor them ─────────────────────────────────
if (!CSS.supports("position-area", "block-end")) {
  for (const button of document.querySelectorAll(".topbar [popovertarget], .workspace")) {
    const menu = document.getElementById(button.getAttribute("popovertarget"));
    menu?.addEventListener("toggle", () => {
      const box = button.getBoundingClientRect();
      const wanted = menu.classList.contains("menu--start") ? box.left : box.right - menu.offsetWidth;
      if (menu.id !== "sidebar") {
        menu.style.top = `${box.bottom}px`;
        menu.style.left = `${Math.max(8, wanted)}px`;
      }
    });
  }
}

// ── Toasts ─────────────────────────────────────────────────────────────────────
const STAYS = 5000;

function settle(toast) {
  if (toast.hasAttribute("data-leaves")) setTimeout(() => toast.remove(), STAYS);
}

/** Says `sentence` at the corner of the page; an error stays until it is dismissed. */
export function say(sentence, { bad = false } = {}) {
  const pattern = document.getElementById(bad ? "toast-bad" : "toast-good");
  const toast = pattern.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = sentence;
  document.getElementById("toasts").append(toast);
  settle(toast);
}

document.querySelectorAll(".toast").forEach(settle);
document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast").remove();
});

// ── Copy ───────────────────────────────────────────────────────────────────────
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    say("Copied.");
  } catch {
    getSelection().selectAllChildren(source);
    say("This browser does not let a page copy. It is selected: press Ctrl C.", { bad: true });
  }
});

// ── Shown passwords ────────────────────────────────────────────────────────────
for (const button of document.querySelectorAll("[data-reveal]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    document.getElementById(button.dataset.reveal).type = shown ? "text" : "password";
  });
}

// ── Keys ───────────────────────────────────────────────────────────────────────
let before = "";

const find = (selector) => document.querySelector(selector);

/** The link `by` rows further down the page's first list. */
function row(by) {
  const links = [...document.querySelectorAll("main tbody th a, main .list a")];
  const here = links.indexOf(document.activeElement);
  return links[here < 0 ? 0 : Math.min(links.length - 1, Math.max(0, here + by))];
}

function tab(by) {
  const links = [...document.querySelectorAll("main .tabs a")];
  return links[links.findIndex((link) => link.hasAttribute("aria-current")) + by];
}

// Each key finds its thing on the page and says what to do with it; a key without its thing does nothing.
const own = {
  t: () => [find("[data-theme-form] button"), "click"],
  f: () => [find("[data-follow]"), "click"],
  "/": () => [find("main input[type=search]"), "focus"],
  "?": () => [find("#keys"), "showModal"],
  j: () => [row(1), "focus"],
  k: () => [row(-1), "focus"],
  "[": () => [tab(-1), "click"],
  "]": () => [tab(1), "click"],
};

/** Ctrl Enter: the form of the field, else the page's own; through its main button, whose name counts. */
function submit(event) {
  if (!event.ctrlKey && !event.metaKey) return;
  const form = event.target.closest("form") ?? find("#wizard");
  const button = form?.querySelector(".button--primary:not([type=button])");
  if (!form || button?.disabled) return;
  event.preventDefault();
  form.requestSubmit(button);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter") return submit(event);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (find("dialog[open]") || document.documentElement.dataset.keys === "off") return;
  const pressed = `${before} ${event.key}`.trim();
  const link = find(`[data-key="${CSS.escape(pressed)}"], [data-key="${CSS.escape(event.key)}"]`);
  before = event.key === "g" ? "g" : "";
  const [thing, act] = link ? [link, "click"] : own[event.key]?.() ?? [];
  if (!thing) return;
  event.preventDefault();
  thing[act]();
});

// The list of keys names only those that do something here, each time it opens.
find("#keys")?.addEventListener("beforetoggle", () => {
  for (const line of document.querySelectorAll("#keys [data-if]")) line.hidden = !find(line.dataset.if);
});
