// Parts of a page that change while runs are at work: the home's jobs, the experiment's leaderboard.

import { element, say, swap, watch } from "./live.js";

for (const part of document.querySelectorAll("[data-watch]")) {
  const { id } = part;
  const now = () => document.getElementById(id);

  async function fetchNews() {
    const answer = await fetch(now().dataset.fragment);
    if (!answer.ok) throw new Error(answer.statusText);
    swap(now(), element(await answer.text()));
    say(now().querySelector("[data-live]"), "live");
  }

  watch({ socket: part.dataset.socket, fetchNews, told: (state) => say(now().querySelector("[data-live]"), state) });
}
