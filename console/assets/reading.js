// Makes pages easier to read and to use, where script runs: times as "3 min ago", buttons that copy, keys that lead about.
"use strict";
(() => {
  // Times are told by the clock of whoever serves the page: an emulator's can be days ahead of the browser's.
  let ahead = 0;
  function readClock(asOf) {
    const clock = document.querySelector("#clock time");
    if (clock) ahead = Date.parse(clock.dateTime) - asOf;
  }

  const units = [[60, "s", 1], [3600, "min", 60], [86_400, "h", 3600], [60 * 86_400, "days", 86_400]];
  /** How long ago, or how far ahead; null for what is too far off to be told so. */
  function relative(ms) {
    const seconds = Math.abs(ms) / 1000;
    if (seconds < 2) return "now";
    const unit = units.find(([below]) => seconds < below);
    if (!unit) return null;
    const many = Math.floor(seconds / unit[2]), words = `${many} ${unit[1] === "days" && many === 1 ? "day" : unit[1]}`;
    return ms < 0 ? `${words} ago` : `in ${words}`;
  }

  const pad = number => String(number).padStart(2, "0");
  function exact(time) {
    const utc = `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
    if (time.getTimezoneOffset() === 0) return utc;
    const zone = new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(time).find(part => part.type === "timeZoneName")?.value;
    return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())} ${zone}, ${utc}`;
  }

  const known = new WeakMap(); // What is shown of a time, so that one that stays the same is left alone.
  function tellTimes() {
    const now = Date.now() + ahead;
    for (const element of document.querySelectorAll("time[datetime]")) {
      const at = Date.parse(element.dateTime);
      if (Number.isNaN(at)) continue;
      const off = element.className === "exact" ? null : relative(at - now), key = `${element.dateTime} ${off}`;
      if (known.get(element) === key) continue;
      known.set(element, key);
      const full = exact(new Date(at)), short = full.split(", ").at(-1);
      element.title = full;
      if (element.className === "exact") continue;
      if (element.className === "said" || off === null) { element.textContent = off === null ? short : `${short} (${off})`; continue; }
      const spoken = document.createElement("span");
      spoken.className = "hidden";
      spoken.textContent = `, ${full}`;
      element.replaceChildren(off, spoken);
    }
  }

  // What is copied is in the page's markup; the words that tell of it are in a region that is read out.
  async function copy(button) {
    const text = button.dataset.copy, told = document.getElementById("copied");
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch { done = copyOldWay(text); }
    button.textContent = done ? "Copied" : "Not copied";
    told.textContent = done ? "Copied." : "The browser did not let this be copied.";
    setTimeout(() => { button.textContent = "Copy"; told.textContent = ""; }, 2000);
  }

  function copyOldWay(text) {
    const field = Object.assign(document.createElement("textarea"), { value: text, className: "hidden" }), before = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  }

  // Keys: one letter after g leads to a page. They can be switched off, for whoever speaks to the browser.
  const keysKept = "disa-keys", patience = 1500;
  const areOn = () => { try { return localStorage.getItem(keysKept) !== "off"; } catch { return true; } };
  let leading = 0;
  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || event.repeat) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]") || !areOn()) return;
    const leads = Date.now() - leading < patience;
    leading = 0;
    if (leads) {
      const link = /^[a-z]$/.test(event.key) && document.querySelector(`nav a[data-key="${event.key}"]`);
      if (link) { event.preventDefault(); link.click(); }
    } else if (event.key === "g") leading = Date.now();
    else if (event.key === "?") document.querySelector("a[data-help]").click();
    else if (event.key === "/") {
      event.preventDefault();
      const find = document.getElementById("find");
      if (find) { find.focus(); find.select(); } else location.assign(new URL("messages#find", document.querySelector(".brand").href));
    }
  }

  // A graph is shown whole; larger ones are scrolled in their frame.
  const factor = 1.25, widest = 8;
  function zoom(button) {
    const graph = button.closest(".run")?.querySelector(".graph");
    if (!graph) return;
    const now = Number.parseFloat(graph.style.width) / 100 || 1;
    const next = button.dataset.zoom === "0" ? 1 : Math.min(widest, Math.max(1, button.dataset.zoom === "+" ? now * factor : now / factor));
    graph.style.width = next === 1 ? "" : `${next * 100}%`;
    graph.style.maxWidth = next === 1 ? "" : "none";
  }

  document.addEventListener("DOMContentLoaded", () => {
    const answered = performance.getEntriesByType("navigation")[0]?.responseStart;
    readClock(Date.now() - (answered ? performance.now() - answered : 0));
    tellTimes();
    document.addEventListener("disa-fresh", () => { readClock(Date.now()); tellTimes(); });
    setInterval(() => { if (!document.hidden) tellTimes(); }, 5000);
    document.addEventListener("visibilitychange", tellTimes);
    document.addEventListener("click", event => {
      const button = event.target.closest?.("button[data-copy], button[data-zoom]");
      if (button?.dataset.copy) copy(button);
      else if (button) zoom(button);
    });
    document.addEventListener("keydown", pressed);
    if (location.hash === "#find") document.getElementById("find")?.focus();
    const box = document.getElementById("keys-on");
    if (box) {
      box.checked = areOn();
      box.addEventListener("change", () => { try { localStorage.setItem(keysKept, box.checked ? "on" : "off"); } catch { /* for this page only */ } });
    }
  });
})();
