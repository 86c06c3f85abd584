// The pages work without this script. It keeps an open page up to date, says at once when the server is gone, sends forms without leaving
// the page, asks before what cannot be undone, and switches light and dark.
"use strict";
(() => {
  const root = document.documentElement;
  root.dataset.script = "yes";
  const policy = window.trustedTypes?.createPolicy("disa", { createHTML: text => text });
  const parse = text => new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");

  // Light and dark: as the system has it, unless chosen here.
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  try { const kept = localStorage.getItem("disa-theme"); if (kept === "dark" || kept === "light") root.dataset.theme = kept; } catch { /* no storage, no memory */ }

  /** Makes `old` look like `fresh`, touching nothing that is the same: focus, selection, open details and what was typed stay. */
  function morph(old, fresh) {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) { old.replaceWith(document.importNode(fresh, true)); return; }
    if (old.nodeType !== Node.ELEMENT_NODE) { if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue; return; }
    if (old.isEqualNode(fresh) || (old.nodeName === "TIME" && old.dateTime === fresh.dateTime && old.className === fresh.className)) return;
    const keeps = old.nodeName === "DETAILS" ? ["open"] : old.dataset?.keeps?.split(" ") ?? [];
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !keeps.includes(name)) old.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value && !keeps.includes(name)) old.setAttribute(name, value);
    if (old.nodeName === "INPUT" || old.nodeName === "TEXTAREA" || old.nodeName === "SELECT") return;
    const named = new Map([...old.children].filter(child => child.id).map(child => [child.id, child]));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const same = next.id && named.get(next.id);
      if (same) { if (same !== at) old.insertBefore(same, at); else at = at.nextSibling; morph(same, next); continue; }
      while (at && at.id && fresh.querySelector(`#${CSS.escape(at.id)}`)) at = at.nextSibling;
      if (!at) { old.append(document.importNode(next, true)); continue; }
      const following = at.nextSibling;
      morph(at, next);
      at = following;
    }
    while (at) { const following = at.nextSibling; if (!(at.id && fresh.querySelector(`:scope > #${CSS.escape(at.id)}`))) at.remove(); at = following; }
  }

  const noAnswer = "The server does not answer. Trying again.";
  const slow = 30_000, onceMore = 2_000;

  /** Says that there is no answer, or why there is none; with "" that goes away. The page stays as it was. */
  function outage(text) { const banner = document.getElementById("outage"); if (banner && banner.textContent !== text) banner.textContent = text; }
  const isOut = () => document.getElementById("outage")?.textContent !== "";

  let asking = false, again = false;
  async function look() {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(slow) });
      const text = await answer.text(), fresh = parse(text);
      if (answer.status === 403) outage(text); // It has been started again, with another key.
      else if (!fresh.getElementById("main")) outage(noAnswer);
      else if (answer.status >= 500) outage(`${fresh.querySelector("main p")?.textContent.replace(/[.\s]*$/, ".")} Trying again.`); // The console is there; what it asks is not.
      else {
        for (const id of ["main", "clock"]) { const now = document.getElementById(id), then = fresh.getElementById(id); if (now && then) morph(now, then); }
        document.title = fresh.title;
        document.body.dataset.live = fresh.body.dataset.live;
        document.dispatchEvent(new Event("disa-fresh"));
        outage("");
      }
    } catch { outage(noAnswer); }
    asking = false;
    if (again) { again = false; look(); }
  }

  // The stream of changes is open on every page: its end tells at once that the server is gone. Only a live page looks at each change.
  let source = null, loadedAnew = false;
  const lookIfLive = () => { if (document.body.dataset.live || isOut()) look(); };
  function stop() { source?.close(); source = null; }
  function watch() {
    const changes = document.body.dataset.changes;
    if (!changes || source || document.hidden) return;
    const mine = source = new EventSource(changes);
    mine.onmessage = lookIfLive;
    mine.onopen = lookIfLive; // What happened while nobody listened.
    mine.onerror = () => {
      if (mine !== source || loadedAnew) return;
      outage(noAnswer);
      if (mine.readyState !== EventSource.CLOSED) return; // It tries again by itself.
      stop();
      setTimeout(() => { if (document.hidden) return; look(); watch(); }, onceMore);
    };
  }

  /** What came of an action that led to no other page. */
  function say(text) {
    const said = document.getElementById("said");
    said.replaceChildren();
    if (!text) return;
    const close = document.createElement("button");
    close.type = "button"; close.className = "quiet"; close.textContent = "Close";
    close.addEventListener("click", () => say(""));
    said.append(Object.assign(document.createElement("span"), { textContent: text }), close);
  }

  const sending = new Set();
  /** Sends a form, and goes where its answer leads; what was refused, or got no answer, is said on this page, with all that was typed still in it. */
  async function send(form, submitter) {
    const body = new URLSearchParams(new FormData(form, submitter));
    const buttons = [...form.querySelectorAll("button")];
    sending.add(form);
    for (const button of buttons) button.disabled = true;
    say("");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/uri-list" } });
      const text = await answer.text();
      if (answer.ok && answer.headers.get("Content-Type")?.startsWith("text/uri-list")) {
        const next = new URL(text, location.href);
        if (next.origin === location.origin) { loadedAnew = true; location.assign(next); return; }
      }
      const main = parse(text).getElementById("main");
      say(main ? `${main.querySelector("h1")?.textContent}: ${main.querySelector("p")?.textContent}` : answer.status === 403 ? text : `The server answered ${answer.status}, and not what is expected.`);
    } catch {
      say("The server did not answer, so this may not have been done. What you typed is still here: look, then try again.");
    }
    sending.delete(form);
    for (const button of buttons) button.disabled = false;
  }

  document.addEventListener("DOMContentLoaded", () => {
    watch();
    document.addEventListener("visibilitychange", () => document.hidden ? stop() : watch());
    addEventListener("pagehide", stop);
    addEventListener("pageshow", event => { if (!event.persisted) return; loadedAnew = false; sending.clear(); look(); watch(); });
    document.addEventListener("submit", event => {
      const form = event.target, question = form.dataset.ask;
      if (form.method !== "post") return;
      event.preventDefault();
      if (sending.has(form) || (question && !confirm(question))) return; // Twice is once.
      send(form, event.submitter);
    });
    const theme = document.getElementById("theme");
    const name = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
    theme.hidden = false;
    name();
    theme.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("disa-theme", root.dataset.theme); } catch { /* for this page only */ }
      name();
    });
  });
})();
