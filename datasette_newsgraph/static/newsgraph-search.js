// Offers names while somebody types into the search box: those that this server's own search finds,
// for whoever is asking. Without this script the box is the same, but for the names.
(() => {
  "use strict";

  // Milliseconds without a key, characters from which on names are asked for, names that are offered.
  const PAUSE = 200, LEAST = 2, MOST = 10;

  const input = document.getElementById("graph-search");
  const names = document.getElementById("graph-search-names");
  if (!input || !names) return;

  let timer;
  let asking = new AbortController();

  const offer = (page) => {
    const found = new DOMParser().parseFromString(page, "text/html").querySelectorAll("a.hit");
    const options = Array.from(found).slice(0, MOST).map((hit) => {
      const option = document.createElement("option");
      option.value = hit.textContent.trim();
      return option;
    });
    names.replaceChildren(...options);
  };

  const ask = async () => {
    const typed = input.value.trim();
    asking.abort();
    if (typed.length < LEAST) {
      names.replaceChildren();
      return;
    }
    asking = new AbortController();
    const query = new URLSearchParams({ q: typed, in: "entities" });
    try {
      const answer = await fetch(`${input.form.getAttribute("action")}?${query}`, { signal: asking.signal });
      if (answer.ok) offer(await answer.text());
    } catch (error) {
      // Somebody has typed on, or the server cannot be reached: the search itself will say so.
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
})();
